using System.CommandLine;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Templates;

namespace Rx.Kube.Cli.Trees;

/// <summary>Holds the arguments and the options of <c>rxkube tree</c>.</summary>
internal sealed class TreeOptions
{
    private readonly ServiceOptions _service = new("The Service to show.", OutputOptions.Format(
        "text: a tree, and with --watch a line per change. json: a line. Default: text.",
        _ => Shapes.Tree, OutputFormat.Text, OutputFormat.Json));

    private readonly Option<bool> _watch = new("--watch", "-w")
    {
        Description = "Go on after the tree, with a line per change: who joined, who left, and why.",
    };

    /// <summary>Adds the arguments and the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _service.AddTo(command, hasOnce: false);
        command.Options.Add(_watch);
    }

    /// <summary>Reads the settings from a parsed command line.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <returns>The settings.</returns>
    public TreeSettings Read(ParseResult result)
    {
        var watch = _service.Read(result);
        return new(watch with { Output = watch.Output ?? OutputFormat.Text }, result.GetValue(_watch));
    }
}

/// <summary>Holds the settings of <c>rxkube tree</c>.</summary>
/// <param name="Watch">The Service.</param>
/// <param name="IsWatch">Whether to go on after the tree.</param>
internal sealed record TreeSettings(WatchSettings Watch, bool IsWatch);
