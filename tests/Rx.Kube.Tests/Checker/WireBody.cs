namespace Rx.Kube.Tests.Checker;

/// <summary>The body of a response: bytes that arrive while the clock runs. One thread.</summary>
internal sealed class WireBody(Action disposed) : Stream
{
    private readonly Queue<byte[]> _chunks = [];
    private int _read;
    private TaskCompletionSource? _arrival;
    private Exception? _error;
    private bool _ended;
    private bool _disposed;

    public override bool CanRead => !_disposed;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Push(byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            _chunks.Enqueue(bytes);
            Arrived();
        }
    }

    public void End(Exception? error)
    {
        (_ended, _error) = (true, error);
        Arrived();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (_chunks.Count == 0 && !_ended && !_disposed)
        {
            var arrival = _arrival = new();
            using var cancellation = cancellationToken.UnsafeRegister(_ => arrival.TrySetCanceled(cancellationToken), null);
            await arrival.Task.ConfigureAwait(false);
        }

        ObjectDisposedException.ThrowIf(_disposed, typeof(HttpContent));
        if (_chunks.TryPeek(out var chunk))
        {
            var count = Math.Min(chunk.Length - _read, buffer.Length);
            chunk.AsSpan(_read, count).CopyTo(buffer.Span);
            _read += count;
            if (_read == chunk.Length)
            {
                _chunks.Dequeue();
                _read = 0;
            }

            return count;
        }

        return _error is null ? 0 : throw _error;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A blocking read stops the clock");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            disposed();
            Arrived();
        }

        base.Dispose(disposing);
    }

    private void Arrived()
    {
        var arrival = _arrival;
        _arrival = null;
        arrival?.TrySetResult();
    }
}
