using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Watching;

/// <summary>A Service that is watched for a command, and how the command is to show it.</summary>
/// <param name="Snapshots">The snapshots; with <c>--once</c> only the first complete one. Cold.</param>
/// <param name="Service">The Service.</param>
/// <param name="Footer">Where the data comes from, escaped.</param>
/// <param name="Format">The format.</param>
/// <param name="Printer">Turns lines into text.</param>
/// <param name="Host">The clock and the terminal.</param>
internal sealed record Watched(
    IObservable<ServiceTopology> Snapshots, ServiceName Service, string Footer, OutputFormat Format, LinePrinter Printer, CliHost Host)
{
    /// <summary>What to write for some lines.</summary>
    /// <param name="lines">The lines.</param>
    /// <returns>The text, each line with its end.</returns>
    public string Text(IEnumerable<Line> lines) => string.Concat(lines.Select(l => Printer.Print(l) + "\n"));
}
