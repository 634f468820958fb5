using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Rings;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Waiting;

/// <summary>Implements <c>rxkube wait</c>.</summary>
internal static class WaitCommand
{
    private const int MostNames = 10;

    /// <summary>Waits until a live snapshot fulfils all conditions.</summary>
    /// <param name="settings">The conditions and the Service.</param>
    /// <param name="host">The terminal, the clock and the signals.</param>
    /// <param name="open">Opens the source of snapshots.</param>
    /// <returns>The exit code: 0 if the conditions are fulfilled; 1 if the time is over, or the user stopped the tool.</returns>
    public static async Task<int> RunAsync(WaitSettings settings, CliHost host, OpenSource open)
    {
        var isMet = false;
        var code = await ServiceCommand.RunAsync(
            settings.Watch, host, open,
            context => States(context.Snapshots, settings, host.Scheduler)
                .Do(end => isMet = !end.IsLate)
                .Do(end => TellLate(end, settings, host))
                .SelectMany(end => Blocks(end, settings, context))).ConfigureAwait(false);
        return code == ExitCode.Stopped && !isMet ? ExitCode.Failed : code;
    }

    // Before the first complete snapshot, the limit is that of all commands, with the cause in its error.
    private static IObservable<WaitEnd> States(IObservable<ServiceTopology> snapshots, WaitSettings settings, IScheduler scheduler)
    {
        var states = snapshots.WithRings(RingLayout.Native(settings.Tokens)).Select(state => (RingSnapshot?)state);
        var limit = settings.Watch.Timeout == TimeSpan.Zero
            ? Observable.Never<RingSnapshot?>()
            : Observable.Timer(settings.Watch.Timeout, scheduler).Select(_ => (RingSnapshot?)null);
        return limit.Merge(states)
            .Scan((Last: (RingSnapshot?)null, IsLate: false), (state, next) => next is null ? (state.Last, true) : (next, false))
            .Where(state => state.Last is { Topology.Freshness.IsSynced: true })
            .Select(state => new WaitEnd(state.Last!, state.IsLate))
            .FirstAsync(end => end.IsLate || IsMet(end.State, settings));
    }

    private static bool IsMet(RingSnapshot state, WaitSettings settings) =>
        state.Topology.Freshness.IsLive && settings.Conditions.All(c => c.IsMet(state));

    private static void TellLate(WaitEnd end, WaitSettings settings, CliHost host)
    {
        if (end.IsLate)
        {
            var (waitedFor, because) = WhatIsMissing(end.State, settings, host.Scheduler.Now);
            var waiting = end.State.Topology.Endpoints.Where(e => !e.Ready).Select(e => EndpointFormat.Name(e.Member)).Distinct().ToList();
            var names = string.Join(", ", waiting.Take(MostNames)) +
                (waiting.Count > MostNames ? $" and {waiting.Count - MostNames} more" : "");
            host.Error.WriteLine(
                $"rxkube: no {TerminalText.Escape(waitedFor)} within {HumanFormat.Span(settings.Watch.Timeout)} (--timeout){because}; " +
                "the last state: " + WaitCondition.Describe(end.State) + (waiting.Count > 0 ? $"; not ready: {names}" : ""));
        }
    }

    // A stale snapshot meets no condition: it says what was, not what is.
    private static (string WaitedFor, string Because) WhatIsMissing(RingSnapshot state, WaitSettings settings, DateTimeOffset now) =>
        state.Topology.Freshness is Freshness.Stale { Interruption: var lost }
            ? ($"live snapshot with {settings.Text}", $": {TextLines.Message(lost)}; next attempt {HumanFormat.Wait(lost.RetryDue - now)}")
            : (string.Join(" and ", settings.Conditions.Where(c => !c.IsMet(state)).Select(c => c.Text)), "");

    private static IEnumerable<OutputBlock> Blocks(WaitEnd end, WaitSettings settings, WatchContext context) =>
        settings.Watch.Output == OutputFormat.Json ? [Json(end, settings)]
        : end.IsLate ? []
        : [
            context.Block(new[]
            {
                new Line().Add($"{EndpointFormat.Name(context.Service.Namespace)}/{EndpointFormat.Name(context.Service.Name)}")
                    .Add($" {TerminalText.Escape(settings.Text)}", Palette.Good)
                    .Add($" ({WaitCondition.Describe(end.State)})", Palette.Quiet),
            }.WrapFor(context.Host, indent: 2)),
        ];

    private static OutputBlock Json(WaitEnd end, WaitSettings settings) => OutputBlock.Json(json =>
    {
        json.WriteBoolean("met", !end.IsLate);
        json.WriteStartArray("conditions");
        foreach (var condition in settings.Conditions)
        {
            json.WriteStartObject();
            json.WriteString("condition", condition.Text);
            json.WriteBoolean("met", condition.IsMet(end.State));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("fingerprint", end.State.Ring is { } ring ? RingJson.Hash(ring.Fingerprint) : null);
        JsonLines.WriteSnapshot(json, end.State.Topology);
    });

    /// <summary>Represents the end of the wait.</summary>
    /// <param name="State">The last state.</param>
    /// <param name="IsLate">Whether the time is over.</param>
    private sealed record WaitEnd(RingSnapshot State, bool IsLate);
}
