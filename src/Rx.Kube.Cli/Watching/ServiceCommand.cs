using System.Reactive;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Errors;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Watching;

/// <summary>
/// Runs a command that watches a Service: opens the source, waits for the first snapshot, prints, and returns the exit code.
/// </summary>
internal static class ServiceCommand
{
    /// <summary>Watches until the user stops the tool, everything is printed, or the cluster cannot be used.</summary>
    /// <param name="settings">The Service and the output.</param>
    /// <param name="host">The terminal, the clock and the signals.</param>
    /// <param name="open">Opens the source of snapshots.</param>
    /// <param name="print">Formats blocks of text.</param>
    /// <param name="show">Draws on a live screen; null for a command that only prints.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        WatchSettings settings, CliHost host, OpenSource open, Func<WatchContext, IObservable<OutputBlock>> print,
        Func<WatchContext, LiveScreen, IObservable<Unit>>? show = null)
    {
        var stop = host.Stop.Merge(host.OutputClosed).Take(1).PublishLast();
        using var listening = stop.Connect();
        try
        {
            var format = settings.Output ?? (host.IsTerminal ? OutputFormat.Table : OutputFormat.Text);
            var live = format == OutputFormat.Table && host.IsTerminal && !settings.Once ? show : null;
            var printer = host.UsesColor(settings.Color) ? LinePrinter.Colored : LinePrinter.Plain;

            using var screen = live is null ? null : new LiveScreen(host.Out, printer);
            using var diagnostics = new Diagnostics(host.Error, host.IsErrorTerminal ? screen : null);
            using var leaving = Disposable.Create(() => screen?.Dispose()); // before the diagnostics write what they held back
            var opened = await open.Within(settings, host.Scheduler, diagnostics.Notice).TakeUntil(stop)
                .LastOrDefaultAsync().ToTask().ConfigureAwait(false);
            if (opened is not { } source)
            {
                return ExitCode.Stopped;
            }

            await using var closing = source.ConfigureAwait(false);
            var missing = new MissingService(source, diagnostics.Write, host);
            var snapshots = missing.Explain(
                diagnostics.Report(source.Snapshots)
                    .FirstSyncWithin(settings.Timeout, host.Scheduler, source.Late));
            var held = settings.Hold > TimeSpan.Zero ? snapshots.HoldDepartures(settings.Hold, host.Scheduler) : snapshots;
            var wanted = settings.Once ? held.Where(s => s.Freshness.IsSynced).Take(1) : held;
            var context = new WatchContext(wanted, source.Service, TerminalText.Escape(source.Origin, 200), format, printer, host)
            {
                Hint = () => missing.Hint,
                Connection = source.Connection,
                Notes = source.Notes,
            };

            var showing = live is not null ? live(context, screen!).Do(_ => Resume(source, diagnostics))
                : print(context).Do(block => block.Through(settings.Template).WriteTo(host.Out)).Select(_ => Unit.Default);
            await showing.TakeUntil(stop).LastOrDefaultAsync().ToTask().ConfigureAwait(false);
            return ExitCode.Stopped;
        }
        catch (Exception e) when (ErrorMessages.Explain(e) is { } explanation)
        {
            await host.Error.WriteLineAsync(explanation).ConfigureAwait(false);
            return ExitCode.Cluster;
        }
    }

    // The live screen draws several times a second, also while it has made room for a plugin.
    private static void Resume(WatchSource source, Diagnostics diagnostics)
    {
        if (source.WaitingFor() is null)
        {
            diagnostics.EndRoom();
        }
    }
}
