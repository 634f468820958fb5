using System.Buffers;
using System.Text;

namespace Rx.Kube;

/// <summary>A text's UTF-8: in the caller's buffer if it surely fits, in a rented one if not. Half a surrogate pair is U+FFFD.</summary>
internal readonly ref struct Utf8Text
{
    /// <summary>How large a buffer on the stack should be.</summary>
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

    /// <summary>Gives back what was rented. The bytes are nobody's then.</summary>
    public void Return()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
