using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Watching;

/// <summary>Holds the snapshots of a command and the settings of its output.</summary>
/// <param name="Snapshots">The snapshots; only the first complete one with <c>--once</c>. Cold.</param>
/// <param name="Service">The Service.</param>
/// <param name="Footer">The origin of the data, escaped.</param>
/// <param name="Format">The format.</param>
/// <param name="Printer">Renders lines as text.</param>
/// <param name="Host">The clock and the terminal.</param>
internal sealed record WatchContext(
    IObservable<ServiceTopology> Snapshots, ServiceName Service, string Footer, OutputFormat Format, LinePrinter Printer, CliHost Host)
{
    /// <summary>Gets the connection to the API server; null for a source that is none.</summary>
    public KubeConnection? Connection { get; init; }

    /// <summary>Gets what to do when there is no such Service, escaped; null if that is unknown.</summary>
    public Func<string?> Hint { get; init; } = () => null;

    /// <summary>Gets the marks of the user so far, and those of a recording; newest first.</summary>
    public Func<IReadOnlyList<LogEntry>> Notes { get; init; } = () => [];

    /// <summary>Renders lines.</summary>
    /// <param name="lines">The lines.</param>
    /// <returns>The block.</returns>
    public OutputBlock Block(IEnumerable<Line> lines) => OutputBlock.Lines(lines.Select(Printer.Print));
}
