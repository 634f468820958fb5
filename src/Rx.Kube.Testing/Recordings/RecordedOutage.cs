namespace Rx.Kube.Testing;

/// <summary>A time in which the recorded client had no watch: it ends a watch, and delays or refuses requests.</summary>
/// <param name="start">When the watch was lost.</param>
/// <param name="index">The index of the line that reports it; -1 for the time before the first list.</param>
internal sealed class RecordedOutage(TimeSpan start, int index)
{
    private int _refused;

    public TimeSpan Start => start;

    public int Index => index;

    /// <summary>Gets when requests are answered again; null for never.</summary>
    public TimeSpan? End { get; private init; }

    /// <summary>Gets the error by which a watch ends; null for a clean end.</summary>
    public Exception? Break { get; private init; }

    /// <summary>Gets the error of requests; null if they wait.</summary>
    private Exception? Refusal { get; init; }

    /// <summary>Gets whether a request at a time meets the outage.</summary>
    public bool Has(TimeSpan time) => time >= Start && (End is not { } end || time < end);

    /// <summary>
    /// Gets the error of a request; null if it waits for the end. Only the first request is refused, unless the outage has no end.
    /// </summary>
    public Exception? Refuse() => End is null || Interlocked.Exchange(ref _refused, 1) == 0 ? Refusal : null;

    /// <summary>Finds the outages.</summary>
    public static IReadOnlyList<RecordedOutage> Of(IReadOnlyList<RecordedLine> lines)
    {
        var outages = new List<RecordedOutage>();
        var first = lines.OfType<RecordedLine.List>().First();
        outages.Add(new(TimeSpan.MinValue, -1) { End = first.At });
        for (var i = lines.TakeWhile(line => line != first).Count() + 1; i < lines.Count; i++)
        {
            switch (lines[i])
            {
                case RecordedLine.Gap gap:
                    var before = lines[i - 1].At;
                    var end = i + 1;
                    for (; end < lines.Count && !IsEnd(lines[end]); end++)
                    {
                    }

                    var (error, refuses) = (RecordedErrors.Of(gap), RecordedErrors.IsRefusal(gap.Cause));
                    outages.Add(new(gap.FailedAt < before ? before : gap.FailedAt < gap.At ? gap.FailedAt : gap.At, i)
                    {
                        End = end < lines.Count && lines[end] is RecordedLine.List or RecordedLine.Resumed ? lines[end].At : null,
                        Break = refuses ? null : error,
                        Refusal = refuses ? error : null,
                    });

                    // What ends the gap is no outage by itself, unless nothing comes after it.
                    i = end < lines.Count && lines[end] is RecordedLine.List or RecordedLine.Resumed ? end : end - 1;
                    break;
                case RecordedLine.List list:
                    outages.Add(new(list.At, i) { End = list.At, Break = RecordedErrors.Gone("the recording has a new list") });
                    break;
                case RecordedLine.Failed failed:
                    outages.Add(new(failed.At, i) { Break = failed.Error, Refusal = failed.Error });
                    break;
                case RecordedLine.End { IsCompletion: true } closed:
                    outages.Add(new(closed.At, i));
                    break;
            }
        }

        return outages;
    }

    private static bool IsEnd(RecordedLine line) =>
        line is RecordedLine.List or RecordedLine.Resumed or RecordedLine.Failed or RecordedLine.End { IsCompletion: true };
}
