namespace Rx.Kube.Benchmarks.WholePath;

/// <summary>
/// The body of a watch. It waits until a round of events is released, gives it to the reader in reads of at most 16 KiB, as a
/// connection does, and tells when the reader has come back for more. A reader that does not switch threads runs on the thread of
/// <see cref="Run"/>.
/// </summary>
internal sealed class CannedWatch : Stream
{
    // The largest TLS record, and the frame size of HTTP/2.
    private const int MaxRead = 16 * 1024;
    private readonly ManualResetEvent _isDrained = new(false);
    private readonly Lock _gate = new();
    private ReadOnlyMemory<byte> _rest;
    private TaskCompletionSource _released = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Waits until the reader has read everything and waits for more.</summary>
    /// <param name="limit">For how long.</param>
    /// <returns>Whether it does.</returns>
    public bool WaitForReader(TimeSpan limit) => _isDrained.WaitOne(limit);

    /// <summary>Releases events, and waits until the reader has read them and waits for more.</summary>
    public void Run(ReadOnlyMemory<byte> events)
    {
        Release(events);
        if (!WaitForReader(TimeSpan.FromMinutes(1)))
        {
            throw new TimeoutException("The reader of the watch did not come back for more.");
        }
    }

    /// <summary>Releases events.</summary>
    public void Release(ReadOnlyMemory<byte> events)
    {
        TaskCompletionSource released;
        lock (_gate)
        {
            _isDrained.Reset();
            _rest = events;
            (released, _released) = (_released, new());
        }

        released.SetResult();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task released;
            lock (_gate)
            {
                if (_rest.Length > 0)
                {
                    var read = Math.Min(Math.Min(buffer.Length, MaxRead), _rest.Length);
                    _rest.Span[..read].CopyTo(buffer.Span);
                    _rest = _rest[read..];
                    return read;
                }

                released = _released.Task;
                _isDrained.Set();
            }

            await released.WaitAsync(cancellationToken);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
