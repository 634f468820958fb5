namespace Rx.Kube.Fuzz;

/// <summary>A body that arrives in pieces of random length, or all at once. Completes every read synchronously.</summary>
/// <param name="body">The body.</param>
/// <param name="dice">Chooses the lengths; null for one piece.</param>
internal sealed class Pieces(byte[] body, Dice? dice) : Stream
{
    // Short bodies arrive in short pieces, long ones in long pieces: the number of reads stays in proportion.
    private readonly int _longest = Math.Max(1, dice is null ? int.MaxValue : (body.Length >> 8) + (1 << dice.Below(9)));
    private int _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(Math.Min(buffer.Length, body.Length - _at), dice is null ? int.MaxValue : 1 + dice.Below(_longest));
        body.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
