using Rx.Kube.Tests.Checker.ModelServer;

namespace Rx.Kube.Tests.Checker;

internal static partial class Properties
{
    /// <summary>
    /// A watch starts from the greatest version of the last list and of what arrived as a whole after it; never from a partial line, an
    /// ERROR, or a version that went back.
    /// </summary>
    private static IEnumerable<Violation> P06_Cursor(Trace trace, ClientTrace client, List<Step> steps)
    {
        string? cursor = null;
        foreach (var request in client.Requests)
        {
            if (request.IsWatch && !request.Initial && request.Version != cursor)
            {
                yield return Of(
                    nameof(P06_Cursor), client, request.Start,
                    $"watches from {request.Version ?? "none"} and not from {cursor ?? "none"}");
                cursor = request.Version;
            }

            foreach (var line in request.Lines)
            {
                if (line.Type is "ERROR" or "GARBAGE")
                {
                    break;
                }

                if (line.Type is "LIST" or "END")
                {
                    // Whether the client adopts a list shows in the stream, as soon as its end has arrived.
                    var whole = request.IsWatch ? line.At : request.End ?? line.At;
                    cursor = request.Next.Length == 0 && steps.Exists(s => s.Event is WatchEvent<Models.EndpointSlice>.Listed
                        && s.Version == line.Version && s.At >= line.At && s.At <= whole + 5 + trace.Slept) ? line.Version : cursor;
                }
                else if (line.Type is "ADDED" or "MODIFIED" or "DELETED" or "BOOKMARK" && cursor is not null
                    && (trace.Schedule.Setup.Opaque == 1 || trace.World.Read(line.Version) > trace.World.Read(cursor)))
                {
                    cursor = line.Version;
                }
            }
        }
    }

    /// <summary>Pages: a token without a version, a limit, and a new list after an expired token.</summary>
    private static IEnumerable<Violation> P09_PagesAreAsked(Trace trace, ClientTrace client, List<Step> steps)
    {
        var (tokens, chain) = (new Dictionary<string, int>(), 0);
        WireRequest? last = null;
        foreach (var request in client.Requests.Where(r => !r.IsWatch))
        {
            // A second try after a 401 is the same request.
            if (request.Status == 401)
            {
                continue;
            }

            if (request.Continue is { } token)
            {
                if (request.Version is not null || request.Match is not null)
                {
                    yield return Of(nameof(P09_PagesAreAsked), client, request.Start, $"a version beside the token: {request}");
                }

                if (last is null || last.Next != token)
                {
                    yield return Of(nameof(P09_PagesAreAsked), client, request.Start, $"the token is not the last page's: {request}");
                }

                // A cycle of tokens after a few good pages is noticed when it is seen once more.
                tokens[token] = tokens.GetValueOrDefault(token) + 1;
                if (tokens[token] > 3 || ++chain > 100)
                {
                    yield return Of(nameof(P09_PagesAreAsked), client, request.Start, $"pages without an end: {request}");
                    yield break;
                }
            }
            else
            {
                tokens.Clear();
                chain = 0;
            }

            last = request;
        }
    }

    /// <summary>A dead connection is given up within its bound.</summary>
    private static IEnumerable<Violation> P19_SilenceEnds(Trace trace, ClientTrace client, List<Step> steps)
    {
        foreach (var request in client.Requests.Where(r => (r.End ?? trace.Horizon) - r.Start > Liveness.Silence + trace.Slept))
        {
            yield return Of(nameof(P19_SilenceEnds), client, request.Start + Liveness.Silence, $"outlives its time: {request}");
        }

        foreach (var request in client.Requests.Where(r => r.Dead.Count > 0 || r.Opened is null))
        {
            // A watch that has said bookmarks is known to be dead sooner.
            var dead = request.Dead.Count > 0 ? request.Dead : [(request.Start, request.End ?? trace.Horizon)];
            foreach (var (from, to) in dead)
            {
                var armed = request.Lines.Exists(l => l.Type == "BOOKMARK" && l.At <= from);
                var bound = (armed ? Liveness.KnownSilence : Liveness.Silence) + trace.Slept;
                if (to - from > bound)
                {
                    yield return Of(nameof(P19_SilenceEnds), client, to, $"dead from {from} to {to}: {request}");
                }
            }
        }
    }

    /// <summary>After 410, in both forms, a list comes next: not older than the version first.</summary>
    private static IEnumerable<Violation> P20_GoneMeansList(Trace trace, ClientTrace client, List<Step> steps)
    {
        for (var i = 0; i + 1 < client.Requests.Count; i++)
        {
            var (request, next) = (client.Requests[i], client.Requests[i + 1]);
            var heard = request.IsGone && (request.Status == 410 || request.Lines.Exists(l => l is { Type: "ERROR", Version: "410" }));
            var isKnown = steps.Exists(s => s.Synced && s.At <= request.End);

            // What comes before the 410 may say already that the server went back: then only the most recent state is right.
            if (!heard || !request.IsWatch || !isKnown || IsOverBeforeError(trace, request))
            {
                continue;
            }

            if (next is { IsWatch: true, Initial: false })
            {
                yield return Of(nameof(P20_GoneMeansList), client, next.Start, $"{next.Short} after a 410 for {request.Short}");
            }
            else if (next.Version is null || next.Match != "NotOlderThan")
            {
                yield return Of(nameof(P20_GoneMeansList), client, next.Start, $"{next.Short} without a version that it must have reached");
            }
        }
    }

    /// <summary>After a list at a version that the server has not reached, the most recent one.</summary>
    private static IEnumerable<Violation> P20_TooLargeMeansMostRecent(Trace trace, ClientTrace client, List<Step> steps)
    {
        for (var i = 0; i + 1 < client.Requests.Count; i++)
        {
            var (request, next) = (client.Requests[i], client.Requests[i + 1]);
            if (request.IsTooLarge && request.Status == 504 && next.Version is not null)
            {
                yield return Of(nameof(P20_TooLargeMeansMostRecent), client, next.Start, $"{next.Short} after {request}");
            }
        }
    }

    /// <summary>Few requests in any ten seconds, whatever the server does.</summary>
    private static IEnumerable<Violation> P21_BoundedRate(Trace trace, ClientTrace client, List<Step> steps)
    {
        const int Most = 30;
        if (client.Requests.Count > Server.Storm)
        {
            yield return Of(nameof(P21_BoundedRate), client, client.Requests[^1].Start, $"{client.Requests.Count} requests");
            yield break;
        }

        var starts = client.Requests.Where(r => r.Continue is null).Select(r => r.Start).ToList();
        for (var i = Most; i < starts.Count; i++)
        {
            if (starts[i] - starts[i - Most] < 10_000)
            {
                yield return Of(
                    nameof(P21_BoundedRate), client, starts[i], $"{Most} requests in {starts[i] - starts[i - Most]} ms");
                yield break;
            }
        }
    }

    /// <summary>The waits between failures in a row grow: eight take twelve seconds.</summary>
    private static IEnumerable<Violation> P21_WaitsGrow(Trace trace, ClientTrace client, List<Step> steps)
    {
        const int Row = 7;
        List<long> failed = [];
        long? reached = null;
        WireRequest? last = null;
        foreach (var request in client.Requests.Where(r => r.Continue is null && !r.IsGone))
        {
            // The second try after a 401 is no attempt of its own; nor is the list after an expired version, which has its own waits.
            var isSecondTry = last is { Status: 401, End: { } refused } && request.Start <= refused + 5;
            last = request;
            if (isSecondTry && !request.IsOpen)
            {
                continue;
            }

            var progress = request.IsWatch && request.Lines.Exists(
                l => l.Type is "ADDED" or "MODIFIED" or "DELETED" or "BOOKMARK" or "END" && trace.World.Read(l.Version) > (reached ?? 0));
            foreach (var line in request.Lines)
            {
                reached = Math.Max(reached ?? 0, trace.World.Read(line.Version));
            }

            if (progress || (request.IsWatch && request is { IsOpen: true, End: var end }
                && (end ?? trace.Horizon) - request.Opened >= 1_000))
            {
                failed.Clear();
            }
            else if (!(request is { IsWatch: false, Status: 200, Ending: Ending.Clean }))
            {
                failed.Add(request.Start);
                if (failed.Count > Row && failed[^1] - failed[^(Row + 1)] < 12_000)
                {
                    yield return Of(
                        nameof(P21_WaitsGrow), client, request.Start,
                            $"{Row + 1} failures in a row within {failed[^1] - failed[^(Row + 1)]} ms");
                    yield break;
                }
            }
        }
    }

    /// <summary>Few lists, also from a server that expires every version.</summary>
    private static IEnumerable<Violation> P21_FewLists(Trace trace, ClientTrace client, List<Step> steps)
    {
        const int Most = 9;
        var lists = client.Requests.Where(r => (!r.IsWatch || r.Initial) && r is { Continue: null, Status: 200 })
            .Select(r => r.Start).ToList();
        for (var i = Most; i < lists.Count; i++)
        {
            if (lists[i] - lists[i - Most] < 20_000)
            {
                yield return Of(nameof(P21_FewLists), client, lists[i], $"{Most + 1} lists in {lists[i] - lists[i - Most]} ms");
                yield break;
            }
        }
    }

    /// <summary>No wait is longer than the longest backoff, or what the server asked for within bounds.</summary>
    private static IEnumerable<Violation> P21_ComesBack(Trace trace, ClientTrace client, List<Step> steps)
    {
        var over = Math.Min(client.Over ?? trace.Horizon, client.Terminal?.At ?? trace.Horizon);
        for (var i = 0; i < client.Requests.Count && !trace.IsStorm && !client.ConnectionDisposed; i++)
        {
            var request = client.Requests[i];
            var next = i + 1 < client.Requests.Count ? client.Requests[i + 1].Start : over;
            var from = Math.Max(request.End ?? over, request.NotBefore ?? 0);
            if (next - from > Liveness.Wait + Tolerance + trace.Slept)
            {
                yield return Of(nameof(P21_ComesBack), client, next, $"{next - from} ms without a request after {request}");
            }
        }
    }

    /// <summary>The first failure after a watch that lived is followed by a short wait.</summary>
    private static IEnumerable<Violation> P21_WaitsStartOver(Trace trace, ClientTrace client, List<Step> steps)
    {
        for (var i = 0; i + 2 < client.Requests.Count; i++)
        {
            var (watch, failed, next) = (client.Requests[i], client.Requests[i + 1], client.Requests[i + 2]);
            if (watch is { IsWatch: true, IsOpen: true, IsGone: false, Initial: false } && watch.End - watch.Opened >= 2_000
                && watch.Ending is Ending.Clean or Ending.Broken
                    && failed is { IsGone: false, IsOpen: false, NotBefore: null, End: { } end }
                && next.Start - end > 1_600 + 1_500 + Tolerance + trace.Slept)
            {
                yield return Of(nameof(P21_WaitsStartOver), client, next.Start, $"{next.Start - end} ms after {failed}");
            }
        }
    }

    /// <summary>Clients that are sent away at the same time do not come back at the same time; of few clients, chance would tell.</summary>
    private static IEnumerable<Violation> P21_Spread(Trace trace, ClientTrace client, List<Step> steps)
    {
        if (trace.Clients.Count < 8 || client.Index > 0)
        {
            yield break;
        }

        List<(long Sent, long Back)> away = [];
        foreach (var requests in trace.Clients.Select(c => c.Requests))
        {
            away.AddRange(requests.Zip(requests.Skip(1)).Where(p => p.First.End is not null && (p.First.IsGone || p.First.NotBefore > 0))
                .Select(p => (p.First.NotBefore ?? p.First.End!.Value, p.Second.Start)));
        }

        foreach (var together in away.GroupBy(a => a.Sent / 50).Where(g => g.Count() >= 8))
        {
            var most = together.GroupBy(a => a.Back / 100).Max(g => g.Count());
            if (most > together.Count() / 2)
            {
                yield return Of(
                    nameof(P21_Spread), client, together.Key * 50,
                    $"{most} of {together.Count()} clients come back within 100 ms");
            }
        }
    }

    /// <summary>Nothing before Retry-After.</summary>
    private static IEnumerable<Violation> P21_RetryAfter(Trace trace, ClientTrace client, List<Step> steps)
    {
        for (var i = 0; i + 1 < client.Requests.Count; i++)
        {
            var (request, next) = (client.Requests[i], client.Requests[i + 1]);
            var isHeard = request.Opened is not null
                && (request.Status != 200 || (request.Lines.Exists(l => l.Type == "ERROR") && !IsOverBeforeError(trace, request)));
            if (request.NotBefore > next.Start && isHeard)
            {
                yield return Of(
                    nameof(P21_RetryAfter), client, next.Start,
                    $"{next.Short}, which may come at {request.NotBefore}: {request}");
            }
        }
    }

    /// <summary>A token that is refused although a new one is there is replaced at once.</summary>
    private static IEnumerable<Violation> P24_RefusedCredentialsAreRefreshed(Trace trace, ClientTrace client, List<Step> steps)
    {
        if (trace.Schedule.Actions.Any(a => a is { Kind: ActionKind.Rotate, B: 0 }) || !trace.Schedule.Has(ActionKind.Rotate)
            || trace.Schedule.Has(ActionKind.Unauthorized))
        {
            yield break;
        }

        for (var i = 0; i + 1 < client.Requests.Count; i++)
        {
            var (request, next) = (client.Requests[i], client.Requests[i + 1]);
            if (request is { Status: 401, End: { } end } && request.Token != next.Token && next.Start > end + 50)
            {
                yield return Of(
                    nameof(P24_RefusedCredentialsAreRefreshed), client, next.Start,
                    $"{next.Short} comes {next.Start - end} ms after {request}");
            }
        }
    }

    /// <summary>Every watch asks for bookmarks and has a bounded life; lists have a limit and a sensible match.</summary>
    private static IEnumerable<Violation> P26_RequestsAreWellFormed(Trace trace, ClientTrace client, List<Step> steps) =>
        from request in client.Requests
        where request.IsWatch
            ? !request.AllowsBookmarks || request.Timeout is not (>= 30 and <= 60) || (request.Initial != (request.Match is not null))
            : request.Match is not null && (request.Version is null || request.Match != "NotOlderThan")
        select Of(nameof(P26_RequestsAreWellFormed), client, request.Start, request.Path);

    /// <summary>The first list asks for the cache only if the client is configured so.</summary>
    private static IEnumerable<Violation> P26_FirstListIsAsConfigured(Trace trace, ClientTrace client, List<Step> steps) =>
        from request in client.Requests.Take(1)
        where request.Version != (trace.Schedule.Setup.Cached > 0 ? "0" : null)
        select Of(nameof(P26_FirstListIsAsConfigured), client, request.Start, request.Path);

    /// <summary>Whether garbage, or a version that went back, ended a watch before its ERROR, which came in the same bytes.</summary>
    private static bool IsOverBeforeError(Trace trace, WireRequest request)
    {
        var reached = trace.World.Read(request.Version);
        if (request.Lines.Exists(l => l.Type == "GARBAGE"))
        {
            return true;
        }

        foreach (var line in request.Lines.Where(l => l.Type is "END" or "ADDED" or "MODIFIED" or "DELETED" or "BOOKMARK"))
        {
            var version = trace.World.Read(line.Version);
            if (version < reached)
            {
                return true;
            }

            reached = version;
        }

        return false;
    }
}
