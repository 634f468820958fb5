using System.Buffers;
using System.Text;

namespace Rx.Kube.Cli.Output;

/// <summary>Passes the ASCII of a JSON writer on in chunks. The buffer grows only for a single text that is longer.</summary>
/// <param name="output">Receives the chunks.</param>
/// <param name="chunkSize">The size of a chunk, in bytes.</param>
internal sealed class JsonChunks(TextWriter output, int chunkSize) : IBufferWriter<byte>
{
    private byte[] _buffer = new byte[chunkSize];
    private char[] _text = [];
    private int _written;

    /// <inheritdoc/>
    public void Advance(int count) => _written += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length - _written < Math.Max(sizeHint, 1))
        {
            Drain();
            if (_buffer.Length < sizeHint)
            {
                _buffer = new byte[sizeHint];
            }
        }

        return _buffer.AsMemory(_written);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Ends the line and passes the rest on.</summary>
    public void End()
    {
        GetSpan(1)[0] = (byte)'\n';
        Advance(1);
        Drain();
    }

    private void Drain()
    {
        if (_text.Length < _written)
        {
            _text = new char[_buffer.Length];
        }

        output.Write(_text, 0, Encoding.ASCII.GetChars(_buffer, 0, _written, _text, 0));
        _written = 0;
    }
}
