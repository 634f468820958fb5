using System.Buffers;
using System.Text;

namespace Rx.Kube;

/// <summary>
/// The UTF-8 of a text, in the caller's buffer if it certainly fits, else in a rented one. An unpaired surrogate becomes U+FFFD.
/// </summary>
internal readonly ref struct Utf8Text
{
    /// <summary>The size of a buffer on the stack.</summary>
    public const int OnStack = 512;

    private readonly byte[]? _rented;

    public Utf8Text(ReadOnlySpan<char> text, Span<byte> buffer)
    {
        if (Encoding.UTF8.GetMaxByteCount(text.Length) > buffer.Length)
        {
            buffer = _rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetByteCount(text));
        }

        Bytes = buffer[..Encoding.UTF8.GetBytes(text, buffer)];
    }

    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Returns a rented buffer. The bytes are not valid afterwards.</summary>
    public void Return()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
