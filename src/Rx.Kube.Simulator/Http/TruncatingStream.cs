namespace Rx.Kube.Simulator.Http;

/// <summary>Forwards a number of bytes and then fails.</summary>
internal sealed class TruncatingStream(Stream inner, int left) : Stream
{
    private int _left = left;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var passed = buffer[..Math.Min(_left, buffer.Length)];
        _left -= passed.Length;
        await inner.WriteAsync(passed, cancellationToken).ConfigureAwait(false);
        if (passed.Length == buffer.Length) return;
        await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        // The server then closes the connection without the end of the body; the forwarded bytes still arrive.
        throw new IOException("The answer was truncated by an injected fault.");
    }
}
