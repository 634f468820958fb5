using System.Buffers;

namespace Rx.Kube;

/// <summary>
/// Holds the part of a stream that has been read and not yet consumed, always contiguous. It grows up to a cap, and returns to its first
/// size when a few dozen shorter objects have followed a long one.
/// </summary>
internal sealed class ByteWindow(Stream stream, int maxBytes) : IDisposable
{
    // Measured over HTTP/2 and TLS: with 128 KiB to 1 MiB, an event of 28 KB that arrives alone costs 3 % less processor time, and one of
    // 274 KB as much; that is not worth the memory of each watch.
    private const int FirstSize = 64 * 1024;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Math.Min(FirstSize, maxBytes + 1));
    private int _start;
    private int _end;
    private int _usual; // the length of the longest object, which shrinks with each shorter one

    /// <summary>Gets what has been read and not consumed.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Gets how many bytes fit in.</summary>
    public int Capacity => _buffer.Length;

    /// <summary>Gets how many bytes have been read so far.</summary>
    public long TotalRead { get; private set; }

    /// <summary>Removes bytes from the front of <see cref="Unread"/>.</summary>
    public void Consume(int count)
    {
        _start += count;
        _usual = Math.Max(count, _usual - (_usual >> 4));
        if (_start == _end)
        {
            _start = _end = 0;
            if (_buffer.Length > 4 * FirstSize && _usual < _buffer.Length / 8)
            {
                Replace(FirstSize);
            }
        }
    }

    /// <summary>Reads once. Returns false at the end of the stream.</summary>
    /// <exception cref="KubeProtocolException">An object is longer than the cap.</exception>
    /// <exception cref="KubeTransportException">The connection broke.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        int read;
        try
        {
            read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or ObjectDisposedException)
        {
            throw new KubeTransportException($"the connection broke: {TransportErrors.Reason(e)}", innerException: e);
        }
        catch (InvalidDataException e)
        {
            throw new KubeTransportException($"a compressed answer is damaged: {Printable.Of(e.Message)}", innerException: e);
        }

        _end += read;
        TotalRead += read;
        return read > 0;
    }

    /// <summary>Reads until the buffer is full, so that a parser that has to start over does so a logarithmic number of times.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        do
        {
            if (!await ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }
        while (_end < _buffer.Length);

        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = 0;
    }

    /// <summary>Creates the error for an object over the cap.</summary>
    public static KubeProtocolException TooLong(int maxBytes) => new(
        $"the server sent an object longer than {maxBytes} bytes. To fix: if such objects are expected, "
        + $"raise {nameof(WireLimits)}.{nameof(WireLimits.MaxObjectBytes)}.");

    private void MakeRoom()
    {
        var length = _end - _start;
        if (_buffer.Length - _start < _usual && _start >= length)
        {
            // An object of the usual length does not fit here: now, less of it has to be moved than at the end of the buffer.
            MoveToFront();
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        if (length > maxBytes)
        {
            throw TooLong(maxBytes);
        }

        if (_start > _buffer.Length / 2)
        {
            MoveToFront();
        }
        else
        {
            // One byte more than the cap, so that an object of exactly the cap and its line end fit.
            Replace((int)Math.Min(Math.Max(2L * _buffer.Length, FirstSize), maxBytes + 1L));
        }
    }

    private void MoveToFront()
    {
        Unread.CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
    }

    private void Replace(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        Unread.CopyTo(larger);
        (_start, _end) = (0, _end - _start);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
