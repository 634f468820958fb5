using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Watching;

/// <summary>Implements <c>rxkube watch</c>.</summary>
internal static class WatchCommand
{
    /// <summary>Watches until the user stops the tool or the cluster cannot be used.</summary>
    /// <param name="settings">The Service and the output.</param>
    /// <param name="host">The terminal, the clock and the signals.</param>
    /// <param name="open">Opens the source of snapshots.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(WatchSettings settings, CliHost host, OpenSource open) => ServiceCommand.RunAsync(
        settings, host, open,
        context => context.Snapshots.Print(context.Service, context.Format, host, context.Printer),
        (context, screen) => context.Snapshots.ShowOn(
            screen, host, context, new TableState(context.Service),
            (state, snapshot, now) => state.Next(snapshot, now) with { Hint = context.Hint() }, TableView.Draw));
}
