using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Rx.Kube;

/// <summary>
/// The body of an answer. It tells when bytes arrive, and disposing it before its end closes the request at once: over HTTP/1.1, the
/// handlers of .NET read on after a disposal, for up to 2 s by default, in the hope of using the connection again. A read allocates nothing
/// of its own.
/// </summary>
internal sealed class ResponseBody : Stream
{
    // A read that is waiting is what closes the connection when it is cancelled. What has arrived already must be read first.
    private const int MaxArrived = 64;
    private const int ChunkBytes = 16 * 1024;

    private readonly Stream _inner;
    private readonly Action? _received;
    private bool _isOver;

    private ResponseBody(Stream inner, Action? received) => (_inner, _received) = (inner, received);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Gets the body of an answer whose headers have arrived; a compressed one as it is before compression.</summary>
    /// <param name="response">The answer. Dispose the body before it.</param>
    /// <param name="received">Called now, and after each read that returned bytes; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait for the body.</param>
    public static async ValueTask<Stream> OpenAsync(
        HttpResponseMessage response, Action? received, CancellationToken cancellationToken)
    {
        received?.Invoke();
        var body = new ResponseBody(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), received);

        // What it inflates to is limited where it is read, as every body is.
        return IsGzip(response) ? new GZipStream(body, CompressionMode.Decompress) : body;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = _inner.ReadAsync(buffer, cancellationToken);
        return read.IsCompletedSuccessfully ? new(Noted(read.Result)) : NotedAsync(read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (!_isOver)
            {
                _isOver = true;
                Abandon();
            }

            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private static bool IsGzip(HttpResponseMessage response) =>
        response.Content.Headers.ContentEncoding is { Count: 1 } encodings &&
        string.Equals(encodings.First(), "gzip", StringComparison.OrdinalIgnoreCase);

    // Pooled, because a watch waits in almost every read.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> NotedAsync(ValueTask<int> read) => Noted(await read.ConfigureAwait(false));

    private int Noted(int read)
    {
        if (read > 0)
        {
            _received?.Invoke();
        }
        else
        {
            _isOver = true;
        }

        return read;
    }

    private void Abandon()
    {
        using var abandoned = new CancellationTokenSource();
        try
        {
            var buffer = new byte[ChunkBytes];
            for (var i = 0; i < MaxArrived; i++)
            {
                var read = _inner.ReadAsync(buffer, abandoned.Token);
                if (!read.IsCompleted)
                {
                    // Its failure has no receiver.
                    _ = read.AsTask().ContinueWith(
                        static r => _ = r.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                        TaskScheduler.Default);
                    abandoned.Cancel();
                    return;
                }

                if (read.GetAwaiter().GetResult() == 0)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It is over: the read that failed or was cancelled before has closed the request.
        }
    }
}
