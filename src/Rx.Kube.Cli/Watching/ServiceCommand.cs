using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Errors;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Watching;

/// <summary>What all commands have in common that watch a Service: the source, the wait for the first snapshot, the end, the exit code.</summary>
internal static class ServiceCommand
{
    /// <summary>Watches until the user stops it, there is nothing more to print, or the cluster turns out to be unusable.</summary>
    /// <param name="settings">What to watch, and how to show it.</param>
    /// <param name="host">The world outside.</param>
    /// <param name="open">Opens what to watch.</param>
    /// <param name="print">Blocks of text, each written whole.</param>
    /// <param name="show">Draws on a screen; null for a command that only prints.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        WatchSettings settings, CliHost host, OpenSource open, Func<Watched, IObservable<string>> print,
        Func<Watched, LiveScreen, IObservable<Unit>>? show = null)
    {
        var stop = host.Stop.Take(1).PublishLast();
        using var listening = stop.Connect();
        try
        {
            var source = await open(settings, host.Scheduler).ConfigureAwait(false);
            await using var closing = source.ConfigureAwait(false);
            var format = settings.Output ?? (host.IsTerminal ? OutputFormat.Table : OutputFormat.Text);
            var live = format == OutputFormat.Table && host.IsTerminal && !settings.Once ? show : null;
            var printer = host.UsesColor(settings.Color) ? LinePrinter.Colored : LinePrinter.Plain;

            using var diagnostics = new Diagnostics(host.Error, isHeldBack: live is not null && host.IsErrorTerminal);
            var snapshots = diagnostics.Report(source.Snapshots).FirstSyncWithin(settings.Timeout, host.Scheduler);
            var wanted = settings.Once ? snapshots.Where(s => s.Freshness.IsSynced).Take(1) : snapshots;
            var watched = new Watched(wanted, source.Service, TerminalText.Escape(source.Origin, 200), format, printer, host);

            using var screen = live is null ? null : new LiveScreen(host.Out, printer);
            var showing = live is not null ? live(watched, screen!)
                : print(watched).Do(text => OutputClosedException.Write(host.Out, text)).Select(_ => Unit.Default);
            await showing.TakeUntil(stop).LastOrDefaultAsync().ToTask().ConfigureAwait(false);
            return ExitCode.Stopped;
        }
        catch (OutputClosedException)
        {
            return ExitCode.Stopped;
        }
        catch (Exception e) when (Failure.Explain(e) is { } explanation)
        {
            await host.Error.WriteLineAsync(explanation).ConfigureAwait(false);
            return ExitCode.Cluster;
        }
    }
}
