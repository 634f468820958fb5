using Rx.Kube.Cli.CommandLine;
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
    public static Task<int> RunAsync(WatchSettings settings, CliHost host, OpenSource open) => ServiceCommand.RunAsync(
        settings, host, open,
        watched => watched.Snapshots.Print(watched.Service, watched.Format, host, watched.Printer),
        (watched, screen) => watched.Snapshots.ShowOn(
            screen, host, watched.Footer, new TableState(watched.Service), (state, snapshot, now) => state.Next(snapshot, now), TableView.Draw));
}
