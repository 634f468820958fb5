namespace Rx.Kube;

/// <summary>
/// Sends one header as several lines, which HttpClient cannot do: it joins the values with commas, and the server reads the
/// line as one value. The lines are named <c>Name~1</c>, <c>Name~2</c> …, and this stream removes the <c>~N</c>. Only for
/// HTTP/1.1 requests without a body, or with one that has no line feed (<see cref="SelfReview"/>).
/// </summary>
internal sealed class RepeatedHeaderStream(Stream inner) : Stream
{
    /// <summary>Separates a header's name from its number; no header name in use contains it.</summary>
    public const char Marker = '~';

    private enum Part
    {
        RequestLine,
        LineStart,
        Name,
        Number,
        Value,
    }

    private Part _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(Filter(buffer.Span), cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(Filter(buffer.AsSpan(offset, count)).Span);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private ReadOnlyMemory<byte> Filter(ReadOnlySpan<byte> bytes)
    {
        var kept = new byte[bytes.Length];
        var length = 0;
        foreach (var b in bytes)
        {
            var wasBlankLine = _at == Part.LineStart && b == '\n';
            _at = wasBlankLine ? Part.RequestLine : Next(_at, (char)b);
            if (_at != Part.Number)
            {
                kept[length++] = b;
            }
        }

        return kept.AsMemory(0, length);
    }

    private static Part Next(Part at, char c) => (at, c) switch
    {
        (_, '\n') => Part.LineStart,
        (Part.RequestLine or Part.Value, _) => at,
        (Part.LineStart, '\r') => at,
        (_, ':') => Part.Value,
        (_, Marker) => Part.Number,
        (Part.Number, _) => at,
        _ => Part.Name,
    };
}
