using Rx.Kube.Models;

namespace Rx.Kube.Tests.Checker;

internal static partial class Properties
{
    // What a request takes, and rounding to milliseconds.
    private const int Tolerance = 60;

    /// <summary>A list of objects, of which none can be decoded and no good state is kept, is never published as a state.</summary>
    private static IEnumerable<Violation> P16_EmptyIsNotLive(Trace trace, ClientTrace client, List<Step> steps) =>
        from step in steps
        where step is { Event: WatchEvent<EndpointSlice>.Listed { Items.IsEmpty: true, SkippedItems.IsEmpty: false }, Endpoints: 0 }
        select Of(nameof(P16_EmptyIsNotLive), client, step.At, $"{Trace.Describe(step.Event)}: none of {step.Spoiled} is decoded or kept");

    /// <summary>A gap of more than the grace is said: a stream that says live has a watch that looks open.</summary>
    private static IEnumerable<Violation> P16_StaleIsSaid(Trace trace, ClientTrace client, List<Step> steps)
    {
        var open = OpenWatches(trace, client);
        var until = client.Over ?? client.Terminal?.At ?? trace.Horizon;
        for (var i = 0; i < steps.Count; i++)
        {
            if (!steps[i].Live || (i > 0 && steps[i - 1].Live && steps[i].Event is not WatchEvent<EndpointSlice>.Listed))
            {
                continue;
            }

            var from = steps[i].At;
            var end = steps.FindIndex(i + 1, s => !s.Live || s.Event is WatchEvent<EndpointSlice>.Listed)
                is >= 0 and var next ? steps[next].At : until;
            var grace = Tolerance + trace.Slept
                + (steps[i].Event is WatchEvent<EndpointSlice>.Listed ? Liveness.LateAnswer : Liveness.Grace);
            foreach (var (opened, closed) in open.Append((end, end)))
            {
                if (Math.Min(opened, end) - from > grace)
                {
                    yield return Of(nameof(P16_StaleIsSaid), client, from, $"live without a watch until {Math.Min(opened, end)}");
                }

                if (closed > from)
                {
                    (from, grace) = (closed, Tolerance + trace.Slept + Liveness.Grace);
                }

                if (from >= end)
                {
                    break;
                }
            }
        }
    }

    /// <summary>
    /// A gap under the grace is not said, unless the next attempt is known to be later than that, or the server refused the request.
    /// </summary>
    private static IEnumerable<Violation> P16_ShortGapsAreSilent(Trace trace, ClientTrace client, List<Step> steps)
    {
        var tolerance = Tolerance + trace.Slept;
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Event is not WatchEvent<EndpointSlice>.Interrupted { Interruption: var interruption }
                || (i > 0 && steps[i - 1].Event is WatchEvent<EndpointSlice>.Interrupted))
            {
                continue; // Further losses of a gap that was said are said too.
            }

            // The gap begins with the first end of a watch, or of a failed list, after an event or after a watch that was open for long. A
            // slow observer delays the end of the request that the client has given up.
            var at = steps[i].At;
            var proven = client.Requests.Where(r => r.IsWatch && r.End <= at && r.End - r.Opened > Liveness.Grace)
                .Select(r => r.Opened!.Value + Liveness.Grace).Append(i > 0 ? steps[i - 1].At : 0).Max();
            List<WireRequest> ended =
            [
                .. client.Requests.Where(r => r.End >= proven && r.End <= at + (r.Ending == Ending.Client ? trace.Slept : 0))
                    .OrderBy(r => r.End),
            ];
            var lost = ended.Find(r => r.IsWatch || r.Status != 200 || r.Ending != Ending.Clean) ?? ended.FirstOrDefault();
            if (lost is null)
            {
                if (client.Requests.FindLast(r => r.Start <= at) is { } asked && at - asked.Start < Liveness.LateAnswer - tolerance)
                {
                    yield return Of(nameof(P16_ShortGapsAreSilent), client, at, $"{interruption.Kind} said without a loss");
                }

                continue;
            }

            var (since, last) = (Math.Min(lost.End!.Value, at), ended[^1]);
            var isRefused = last.Status is >= 300 and < 500 and not (408 or 410 or 429) && !last.IsTooLarge;
            var next = Math.Min(last.End!.Value, at) + (long)interruption.RetryAfter.TotalMilliseconds;
            if (!isRefused && Math.Max(at, next) - since < Liveness.Grace - tolerance)
            {
                yield return Of(
                    nameof(P16_ShortGapsAreSilent), client, at,
                    $"{interruption.Kind} said {at - since} ms after the loss, with the next attempt {next - since} ms after it");
            }
        }
    }

    /// <summary>Resumed is said of a watch that has delivered something, or has been open for the grace.</summary>
    private static IEnumerable<Violation> P16_ResumedIsProven(Trace trace, ClientTrace client, List<Step> steps)
    {
        foreach (var step in steps)
        {
            if (step.Event is WatchEvent<EndpointSlice>.Resumed && !client.Requests.Exists(r => r.IsWatch && r.IsOpen
                && r.Opened <= step.At && (r.End ?? long.MaxValue) >= step.At
                && (step.At - r.Opened >= Liveness.Grace - 5
                    || r.Lines.Exists(l => l.At <= step.At && l.Type is "ADDED" or "MODIFIED" or "DELETED" or "BOOKMARK"))))
            {
                yield return Of(nameof(P16_ResumedIsProven), client, step.At, "no watch is proven");
            }
        }
    }

    /// <summary>A watch that is open again is said within the grace and a little.</summary>
    private static IEnumerable<Violation> P16_ResumedIsSaid(Trace trace, ClientTrace client, List<Step> steps)
    {
        foreach (var request in client.Requests.Where(r => r.IsWatch && r.IsOpen && !r.Initial))
        {
            var proven = request.Opened!.Value + Liveness.Grace + (2 * Tolerance) + trace.Slept;
            var end = Math.Min(request.End ?? trace.Horizon, client.Over ?? client.Terminal?.At ?? trace.Horizon);

            // What was said after it opened says that the client has given it up: a slow observer delays the end of the request.
            if (proven < end && steps.FindLast(s => s.At <= proven) is { Synced: true, Live: false } step && step.At <= request.Opened
                && !trace.IsStorm)
            {
                yield return Of(nameof(P16_ResumedIsSaid), client, proven, $"stale with {request} since {step.At}");
            }
        }
    }

    /// <summary>A snapshot is as fresh as the stream, and unknown before the first list.</summary>
    private static IEnumerable<Violation> P16_SnapshotsSayWhatTheStreamSays(Trace trace, ClientTrace client, List<Step> steps)
    {
        foreach (var seen in client.Snapshots)
        {
            if (seen.AfterEvents == 0 || seen.AfterEvents > steps.Count)
            {
                continue;
            }

            var step = steps[seen.AfterEvents - 1];
            var right = seen.Snapshot.Freshness switch
            {
                Freshness.Live => step.Live,
                Freshness.Stale => step.Synced && !step.Live,
                _ => !step.Synced,
            };
            if (!right)
            {
                yield return Of(
                    nameof(P16_SnapshotsSayWhatTheStreamSays), client, seen.At,
                        $"{seen.Snapshot.Freshness} after {Trace.Describe(step.Event)}");
            }
        }

        var said = client.Snapshots.Select(s => s.AfterEvents).ToHashSet();
        for (var i = 1; i < steps.Count; i++)
        {
            if (steps[i].Live != steps[i - 1].Live && !said.Contains(i + 1) && steps[i].At < (client.Over ?? long.MaxValue))
            {
                yield return Of(
                    nameof(P16_SnapshotsSayWhatTheStreamSays), client, steps[i].At,
                    $"no snapshot after {Trace.Describe(steps[i].Event)}");
            }
        }
    }

    /// <summary>Since is when the contact was lost, and the same for every attempt of one interruption.</summary>
    private static IEnumerable<Violation> P16_SinceIsTheLoss(Trace trace, ClientTrace client, List<Step> steps)
    {
        if (trace.Schedule.Has(ActionKind.JumpClock) || trace.Slept > 0)
        {
            yield break;
        }

        DateTimeOffset? since = null;
        foreach (var step in steps)
        {
            if (step.Event is WatchEvent<EndpointSlice>.Listed or WatchEvent<EndpointSlice>.Resumed)
            {
                since = null;
            }
            else if (step.Event is WatchEvent<EndpointSlice>.Interrupted { Interruption: var interruption } && step.Synced)
            {
                var at = interruption.Since.Ticks / TimeSpan.TicksPerMillisecond;
                var lost = client.Requests.Where(r => r.Start <= step.At)
                    .SelectMany(r => r.Lines.Select(l => l.At).Append(r.Opened ?? 0)
                        .Append(r.IsOpen && (r.IsWatch || r.Ending == Ending.Clean) ? r.End ?? 0 : 0))
                    .Where(at => at <= step.At).Max();
                if (since is not null && since != interruption.Since)
                {
                    yield return Of(nameof(P16_SinceIsTheLoss), client, step.At, $"since {since:O}, now since {interruption.Since:O}");
                }
                else if (since is null && at > lost + Tolerance && lost <= step.At)
                {
                    yield return Of(nameof(P16_SinceIsTheLoss), client, step.At, $"since {at} although nothing was received after {lost}");
                }

                since = interruption.Since;
            }
        }
    }

    /// <summary>The times in which a watch looks open to the client.</summary>
    private static List<(long Opened, long Closed)> OpenWatches(Trace trace, ClientTrace client) =>
    [
        .. client.Requests.Where(r => r.IsWatch && r.IsOpen)
            .Select(r => (r.Opened!.Value, r.End ?? trace.Horizon)).OrderBy(o => o.Value),
    ];
}
