using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Rings;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Explaining;

/// <summary>Implements <c>rxkube explain</c>.</summary>
internal static class ExplainCommand
{
    /// <summary>Waits for the first complete snapshot and prints the owner and the replicas of a key, with the reason.</summary>
    /// <param name="settings">The key and the Service.</param>
    /// <param name="host">The terminal, the clock and the signals.</param>
    /// <param name="open">Opens the source of snapshots.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(ExplainSettings settings, CliHost host, OpenSource open) => ServiceCommand.RunAsync(
        settings.Watch, host, open,
        context => context.Snapshots.WithRings(settings.Layout).Select(s => Explanation.Of(s.Topology, s.Ring!, settings)).Select(e =>
            context.Format == OutputFormat.Json
                ? ExplanationJson.Block(e) : context.Block(ExplanationText.Lines(e, host))));
}
