using Rx.Kube.Models;

namespace Rx.Kube.Tests.Checker;

internal static partial class Properties
{
    private static readonly int[] _cannotBeWaitedFor = [302, 400, 401, 403, 404, 405, 406, 415, 422];

    /// <summary>Nothing after the end; never completes.</summary>
    private static IEnumerable<Violation> P14_Grammar(Trace trace, ClientTrace client, List<Step> steps)
    {
        foreach (var late in client.AfterTheEnd)
        {
            yield return Of(nameof(P14_Grammar), client, client.Over ?? 0, $"after the end: {late}");
        }

        if (client.Terminal is { Error: null, At: var at })
        {
            yield return Of(nameof(P14_Grammar), client, at, "completed");
        }
    }

    /// <summary>Only the answers to the first list and to the very first watch end a stream; or the disposal of its connection.</summary>
    private static IEnumerable<Violation> P14_EndsOnlyAtFirst(Trace trace, ClientTrace client, List<Step> steps)
    {
        if (client.Terminal is not { Error: { } error, At: var at })
        {
            yield break;
        }

        var listed = steps.Where(s => s.Event is WatchEvent<EndpointSlice>.Listed).Select(s => s.At).DefaultIfEmpty(long.MaxValue).First();
        var watch = client.Requests.Find(r => r is { IsWatch: true, Initial: false });
        // The second try after a 401 belongs to the first request.
        var isRight = client.ConnectionDisposed
            ? error is ObjectDisposedException
            : client.Requests.Exists(r => _cannotBeWaitedFor.Contains(r.Status) && r.End <= at && r.End >= at - 5
                && (r.Start < listed || r == watch || (watch is { Status: 401 } && r.Start <= watch.End + 5)));
        if (!isRight)
        {
            yield return Of(nameof(P14_EndsOnlyAtFirst), client, at, $"{error.GetType().Name} {error.Message}");
        }
    }

    /// <summary>Once faults and writes cease, the client has the server's state within the bound.</summary>
    private static IEnumerable<Violation> P18_Converged(Trace trace, ClientTrace client, List<Step> steps)
    {
        if (client.Terminal is not null || client.Over < trace.Horizon || client.ConnectionDisposed)
        {
            yield break;
        }

        var (now, selection) = (trace.World.Now, trace.Schedule.Setup.Selection);
        if (steps is [.., { Event: WatchEvent<EndpointSlice>.Interrupted { Interruption.Kind: InterruptionKind.Undecodable } }]
            && now.IsAllSpoiled(selection))
        {
            yield break; // A list of which nothing can be decoded is stale, and says why, until one can be.
        }

        if (steps is [] || !steps[^1].Live)
        {
            yield return Of(
                nameof(P18_Converged), client, trace.Horizon,
                $"not live {trace.Horizon - trace.Quiet} ms after the last fault");
        }
        else if (steps[^1].Hash != now.Hash(selection))
        {
            yield return Of(
                nameof(P18_Converged), client, trace.Horizon,
                $"at {steps[^1].Version} without the state at {now.Version}, {trace.Horizon - trace.Quiet} ms after the last fault");
        }
    }

    /// <summary>However slow, a subscriber sees the newest state in the end.</summary>
    private static IEnumerable<Violation> P22_NewestIsSeen(Trace trace, ClientTrace client, List<Step> steps)
    {
        if (client.Terminal is null && !(client.Over < trace.Horizon) && !client.ConnectionDisposed && steps is [.., { Live: true }]
            && steps[^1].Hash == trace.World.Now.Hash(trace.Schedule.Setup.Selection)
            && (client.Snapshots is [] || client.Snapshots[^1].Hash != steps[^1].Endpoints))
        {
            yield return Of(nameof(P22_NewestIsSeen), client, trace.Horizon, "the last snapshot is not the last state");
        }
    }

    /// <summary>Disposal, a throwing subscriber and the disposal of the connection close everything at once.</summary>
    private static IEnumerable<Violation> P23_DisposalCloses(Trace trace, ClientTrace client, List<Step> steps)
    {
        var over = client.Over ?? client.Terminal?.At;
        foreach (var request in client.Requests)
        {
            if (request.Start > over || (over < trace.Horizon && (request.End ?? long.MaxValue) > over + 1))
            {
                yield return Of(nameof(P23_DisposalCloses), client, over.Value, $"over, but {request}");
            }
        }

        foreach (var action in trace.Schedule.Actions.Where(a => a.Kind == ActionKind.DisposeConnection && client.ConnectionDisposed))
        {
            if (action.Concerns(client.Index) && client.Terminal is null && client.Over >= trace.Horizon)
            {
                yield return Of(nameof(P23_DisposalCloses), client, action.At, "the connection is disposed, and the stream goes on");
            }
        }
    }

    /// <summary>No token is in anything that a subscriber can print.</summary>
    private static IEnumerable<Violation> P25_NoTokenIsTold(Trace trace, ClientTrace client, List<Step> steps)
    {
        foreach (var step in steps)
        {
            if (step.Event is WatchEvent<EndpointSlice>.Interrupted i
                && $"{i.Interruption} {i.Interruption.Message} {i.Interruption.Error}".Contains("canary", StringComparison.Ordinal))
            {
                yield return Of(nameof(P25_NoTokenIsTold), client, step.At, i.Interruption.Message);
            }
        }

        if (client.Terminal is { Error: { } error } && error.ToString().Contains("canary", StringComparison.Ordinal))
        {
            yield return Of(nameof(P25_NoTokenIsTold), client, client.Terminal.Value.At, error.Message);
        }
    }
}
