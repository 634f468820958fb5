using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Pages;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Rings;

/// <summary>Implements <c>rxkube ring</c>.</summary>
internal static class RingCommand
{
    /// <summary>Shows the ring of a Service until the user stops the tool or the cluster cannot be used.</summary>
    /// <param name="settings">The ring and its output.</param>
    /// <param name="host">The terminal, the clock and the signals.</param>
    /// <param name="open">Opens the source of snapshots.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(RingSettings settings, CliHost host, OpenSource open) => settings.Web is { } address
        ? ServiceCommand.RunAsync(settings.Watch, host, open, context => WebPage.Serve(context, settings, address))
        : ShowAsync(settings, host, open);

    private static Task<int> ShowAsync(RingSettings settings, CliHost host, OpenSource open) => ServiceCommand.RunAsync(
        settings.Watch, host, open,
        context => context.Snapshots.WithRings(settings.Layout).WarnOfSelf(settings, host.Error).Print(settings, context),
        (context, screen) => context.Snapshots.WithRings(settings.Layout).ShowOn(
            screen, host, context, new RingState(context.Service, settings),
            (state, ring, now) => state.Next(ring, now) with { Hint = context.Hint() }, RingTable.Draw));
}
