using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Rings;

/// <summary><c>rxkube ring</c>.</summary>
internal static class RingCommand
{
    /// <summary>Shows the ring of a Service until the user stops it or the cluster turns out to be unusable.</summary>
    /// <param name="settings">Which ring, and how to show it.</param>
    /// <param name="host">The world outside.</param>
    /// <param name="open">Opens what to watch.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(RingSettings settings, CliHost host, OpenSource open) => ServiceCommand.RunAsync(
        settings.Watch, host, open,
        watched => watched.Snapshots.WithRings(settings.Layout).Print(settings, watched),
        (watched, screen) => watched.Snapshots.WithRings(settings.Layout).ShowOn(
            screen, host, watched.Footer, new RingState(watched.Service, settings), (state, ring, now) => state.Next(ring, now), RingTable.Draw));
}
