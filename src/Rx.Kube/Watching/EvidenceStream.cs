using System.Runtime.CompilerServices;

namespace Rx.Kube;

/// <summary>A body whose every part is noted as evidence that the server lives. A read allocates nothing of its own.</summary>
internal sealed class EvidenceStream(Stream inner, WatchEvidence evidence) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Returns the body, with notes if there is something to note them in.</summary>
    public static Stream Of(Stream body, WatchEvidence? evidence) => evidence is null ? body : new EvidenceStream(body, evidence);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = inner.ReadAsync(buffer, cancellationToken);
        return read.IsCompletedSuccessfully ? new(Noted(read.Result)) : NotedAsync(read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Noted(inner.Read(buffer, offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    // Pooled, because a watch waits in almost every read.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> NotedAsync(ValueTask<int> read) => Noted(await read.ConfigureAwait(false));

    private int Noted(int read)
    {
        if (read > 0)
        {
            evidence.Note();
        }

        return read;
    }
}
