using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Topology;

namespace Rx.Kube.Cli.Output;

/// <summary>Snapshots as lines that are printed one after the other.</summary>
internal static class Printing
{
    private const int UsualWidth = 120;

    /// <summary>The blocks of text to print, each whole.</summary>
    /// <param name="snapshots">The snapshots.</param>
    /// <param name="service">The Service that is watched.</param>
    /// <param name="format">The format.</param>
    /// <param name="host">The clock and the terminal.</param>
    /// <param name="printer">Turns lines into text.</param>
    /// <returns>Text, each with its line end.</returns>
    public static IObservable<string> Print(
        this IObservable<ServiceTopology> snapshots, ServiceName service, OutputFormat format, CliHost host, LinePrinter printer) =>
        format switch
        {
            OutputFormat.Json => snapshots.WithPrevious((now, before) => JsonLines.Line(now, before) + "\n"),
            OutputFormat.Text => snapshots.WithPrevious((now, before) =>
                string.Concat(TextLines.Lines(now, before, host.Scheduler.Now).Select(l => printer.Print(l) + "\n"))),
            _ => Tables(snapshots, service, host, printer),
        };

    /// <summary>Combines each snapshot with the one before; null for the first.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="snapshots">The snapshots.</param>
    /// <param name="combine">What is made of the two: the snapshot first.</param>
    /// <returns>The results.</returns>
    public static IObservable<T> WithPrevious<T>(
        this IObservable<ServiceTopology> snapshots, Func<ServiceTopology, ServiceTopology?, T> combine) =>
        snapshots
            .Scan((Before: (ServiceTopology?)null, Now: (ServiceTopology?)null), (pair, now) => (pair.Now, now))
            .Select(pair => combine(pair.Now!, pair.Before));

    private static IObservable<string> Tables(
        IObservable<ServiceTopology> snapshots, ServiceName service, CliHost host, LinePrinter printer) => snapshots
        .Where(s => s.Freshness.IsSynced).DistinctUntilChanged()
        .Scan(new TableState(service), (state, snapshot) => state.Next(snapshot, host.Scheduler.Now))
        .Select((state, index) =>
        {
            var width = host.IsTerminal ? host.Size().Width : UsualWidth;
            var view = new Viewport(width, null, host.Glyphs, host.TimeZone, "");
            var lines = TableView.Draw(state, host.Scheduler.Now, view);
            return (index == 0 ? "" : "\n") + string.Concat(lines.Select(l => printer.Print(l) + "\n"));
        });
}
