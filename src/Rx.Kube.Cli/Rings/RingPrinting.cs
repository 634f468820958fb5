using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Rings;

/// <summary>Formats rings as lines that are printed one after the other.</summary>
internal static class RingPrinting
{
    /// <summary>Formats the rings as blocks of text: one for every ring and for every change between live and stale.</summary>
    /// <param name="rings">The rings.</param>
    /// <param name="settings">The number of replicas and the member of <c>--self</c>.</param>
    /// <param name="context">The format and the printer.</param>
    /// <returns>The blocks, each with its line ends.</returns>
    public static IObservable<OutputBlock> Print(this IObservable<RingSnapshot> rings, RingSettings settings, WatchContext context)
    {
        var changes = rings.WithPrevious((now, before) => (Now: now, IsChange: now.DiffersFrom(before)))
            .Where(r => r.IsChange).Select(r => r.Now);
        var host = context.Host;
        return context.Format switch
        {
            OutputFormat.Json => changes.WithPrevious((now, before) => RingJson.Block(now, before, settings)),
            OutputFormat.Text => changes.WithPrevious((now, before) =>
                context.Block(RingText.Lines(now, before, settings, host.Scheduler.Now))),
            _ => changes.Scan(new RingState(context.Service, settings), (state, ring) => state.Next(ring, host.Scheduler.Now))
                .Select((state, index) => context.Block(RingTable.Draw(state, host.Scheduler.Now, SnapshotPrinting.ViewOf(host)).Lines
                    .Prepend(new Line()).Skip(index == 0 ? 1 : 0))),
        };
    }
}
