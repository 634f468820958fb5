using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Rings;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Explaining;

/// <summary><c>rxkube explain</c>.</summary>
internal static class ExplainCommand
{
    /// <summary>Waits for the first complete snapshot and says where a key is in it, and why.</summary>
    /// <param name="settings">Which key.</param>
    /// <param name="host">The world outside.</param>
    /// <param name="open">Opens what to watch.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(ExplainSettings settings, CliHost host, OpenSource open) => ServiceCommand.RunAsync(
        settings.Watch, host, open,
        watched => watched.Snapshots.WithRings(settings.Layout).Select(s => Explanation.Of(s.Topology, s.Ring!, settings)).Select(e =>
            watched.Format == OutputFormat.Json ? ExplanationJson.Line(e) + "\n" : watched.Text(ExplanationText.Lines(e))));
}
