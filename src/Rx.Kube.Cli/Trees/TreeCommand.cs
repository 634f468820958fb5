using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Trees;

/// <summary>Implements <c>rxkube tree</c>.</summary>
internal static class TreeCommand
{
    /// <summary>How long the first tree waits for the pods and the nodes, once the endpoints are known.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>Prints the tree of a Service and, with <c>--watch</c>, what changes and why.</summary>
    /// <param name="settings">The Service and the output.</param>
    /// <param name="host">The terminal, the clock and the signals.</param>
    /// <param name="open">Opens the source of snapshots.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(TreeSettings settings, CliHost host, OpenSource open) => ServiceCommand.RunAsync(
        settings.Watch, host, open, context => TreeState.Watch(context, host.Scheduler).Publish(states =>
            Shown(states, host.Scheduler).Publish(shown =>
            {
                var tree = shown.Take(1).Select(state => context.Format == OutputFormat.Json
                    ? TreeJson.Block(state)
                    : context.Block(TreeText.Lines(state, host.Glyphs == Glyphs.Unicode).WrapFor(host, TreeText.Hang)));
                return settings.IsWatch
                    ? tree.Merge(shown.Explain(host.Glyphs.Arrow, host.Scheduler).Select(change => Block(change, context)))
                    : tree;
            })));

    // The states from the first one that is complete, or has waited long enough for the rest.
    private static IObservable<TreeState> Shown(IObservable<TreeState> states, IScheduler scheduler)
    {
        var isLate = states.Where(state => state.Topology.Freshness.IsSynced).Take(1)
            .SelectMany(_ => Observable.Timer(_patience, scheduler)).TakeUntil(states.Where(state => state.IsComplete))
            .Select(_ => true).StartWith(false);
        return states.CombineLatest(isLate, (state, late) => (State: state, IsEnough: state.IsComplete || late))
            .SkipWhile(s => !s.IsEnough || !s.State.Topology.Freshness.IsSynced).Select(s => s.State);
    }

    private static OutputBlock Block(TreeChange change, WatchContext context)
    {
        var now = context.Host.Scheduler.Now;
        return context.Format == OutputFormat.Json
            ? TreeJson.Block(change, now)
            : context.Block([TextLines.Line(now, change.Sign, StyleOf(change)).Add(EndpointFormat.Name(change.Member), StyleOf(change))
                .Add(" ").Add(change.Why)]);
    }

    private static Spectre.Console.Style StyleOf(TreeChange change) => change.Sign switch
    {
        '+' => Palette.Added,
        '-' => Palette.Bad,
        _ => Palette.Updated,
    };
}
