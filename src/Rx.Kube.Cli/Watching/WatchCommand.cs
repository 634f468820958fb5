using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Errors;
using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Watching;

/// <summary><c>rxkube watch</c>.</summary>
internal static class WatchCommand
{
    /// <summary>Watches until the user stops it or the cluster turns out to be unusable.</summary>
    /// <param name="settings">What to watch, and how to show it.</param>
    /// <param name="host">The world outside.</param>
    /// <param name="open">Opens what to watch.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(WatchSettings settings, CliHost host, OpenSource open)
    {
        var stop = host.Stop.Take(1).PublishLast();
        using var listening = stop.Connect();
        try
        {
            var source = await open(settings, host.Scheduler).ConfigureAwait(false);
            await using var closing = source.ConfigureAwait(false);
            await ShowAsync(source, settings, host, stop).ConfigureAwait(false);
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

    private static async Task ShowAsync(
        WatchSource source, WatchSettings settings, CliHost host, IObservable<System.Reactive.Unit> stop)
    {
        var format = settings.Output ?? (host.IsTerminal ? OutputFormat.Table : OutputFormat.Text);
        var isLive = format == OutputFormat.Table && host.IsTerminal && !settings.Once;
        var printer = UsesColor(settings, host) ? LinePrinter.Colored : LinePrinter.Plain;

        using var diagnostics = new Diagnostics(host.Error, isHeldBack: isLive && host.IsErrorTerminal);
        var snapshots = diagnostics.Report(source.Snapshots).FirstSyncWithin(settings.Timeout, host.Scheduler);
        if (isLive)
        {
            using var screen = new LiveScreen(host.Out, printer);
            var footer = TerminalText.Escape(source.Origin, 200);
            await snapshots.ShowOn(screen, host, source.Service, footer).TakeUntil(stop).LastOrDefaultAsync().ToTask().ConfigureAwait(false);
            return;
        }

        var wanted = settings.Once ? snapshots.Where(s => s.Freshness.IsSynced).Take(1) : snapshots;
        await wanted.Print(source.Service, format, host, printer).Do(text => OutputClosedException.Write(host.Out, text))
            .TakeUntil(stop).LastOrDefaultAsync().ToTask().ConfigureAwait(false);
    }

    private static bool UsesColor(WatchSettings settings, CliHost host) => settings.Color switch
    {
        ColorMode.Always => true,
        ColorMode.Never => false,
        _ => host.IsTerminal && string.IsNullOrEmpty(host.Variable("NO_COLOR")),
    };
}
