using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Output;

/// <summary>Formats snapshots as lines that are printed one after the other.</summary>
internal static class SnapshotPrinting
{
    private const int DefaultWidth = 120;

    /// <summary>Formats the snapshots as blocks of text.</summary>
    /// <param name="snapshots">The snapshots.</param>
    /// <param name="service">The watched Service.</param>
    /// <param name="format">The format.</param>
    /// <param name="host">The clock and the terminal.</param>
    /// <param name="printer">Turns lines into text.</param>
    /// <returns>The blocks, each with its line ends.</returns>
    public static IObservable<OutputBlock> Print(
        this IObservable<ServiceTopology> snapshots, ServiceName service, OutputFormat format, CliHost host, LinePrinter printer) =>
        format switch
        {
            OutputFormat.Json => snapshots.WithPrevious(JsonLines.Block),
            OutputFormat.Text => snapshots.WithPrevious((now, before) =>
                OutputBlock.Lines(TextLines.Lines(now, before, host.Scheduler.Now).Select(printer.Print))),
            _ => Tables(snapshots, service, host, printer),
        };

    /// <summary>Combines each item with the previous item, which is null for the first one.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <typeparam name="TResult">The type of the results.</typeparam>
    /// <param name="source">The items.</param>
    /// <param name="combine">Combines an item with the previous item.</param>
    /// <returns>The results.</returns>
    public static IObservable<TResult> WithPrevious<T, TResult>(this IObservable<T> source, Func<T, T?, TResult> combine)
        where T : class => source
        .Scan((Before: (T?)null, Now: (T?)null), (pair, now) => (pair.Now, now))
        .Select(pair => combine(pair.Now!, pair.Before));

    /// <summary>Gets the viewport of tables that are printed one after the other.</summary>
    /// <param name="host">The terminal, if there is one.</param>
    /// <returns>The viewport.</returns>
    public static Viewport ViewOf(CliHost host) =>
        new(host.IsTerminal ? host.Size().Width : DefaultWidth, null, host.Glyphs, host.TimeZone, "");

    private static IObservable<OutputBlock> Tables(
        IObservable<ServiceTopology> snapshots, ServiceName service, CliHost host, LinePrinter printer) => snapshots
        .Where(s => s.Freshness.IsSynced).DistinctUntilChanged()
        .Scan(new TableState(service), (state, snapshot) => state.Next(snapshot, host.Scheduler.Now))
        .Select((state, index) =>
        {
            var lines = TableView.Draw(state, host.Scheduler.Now, ViewOf(host)).Lines;
            return OutputBlock.Lines(lines.Select(printer.Print).Prepend("").Skip(index == 0 ? 1 : 0));
        });
}
