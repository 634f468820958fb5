using System.CommandLine;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Rings;

/// <summary>The options that describe a ring, and those of <c>rxkube ring</c>.</summary>
internal sealed class RingOptions
{
    /// <summary>More replicas than anybody keeps.</summary>
    private const int MaxReplicas = 100;

    private readonly ServiceOptions _watch = new("The Service whose endpoints are the members.", OutputOptions.Format(
        "table: redrawn on a terminal. text: the ring, then a line per change (~ who joined and left, = live, ! stale). " +
        "json: a line per ring. Default: table on a terminal, else text.",
        OutputFormat.Table, OutputFormat.Text, OutputFormat.Json));

    private readonly Option<int> _replicas = Replicas();
    private readonly Option<int> _tokens = Tokens();

    private readonly Option<string?> _self = new("--self")
    {
        Description = "Say of every change what this member has gained and lost.",
        HelpName = "MEMBER",
    };

    /// <summary><c>--replicas</c>.</summary>
    /// <returns>The option.</returns>
    public static Option<int> Replicas() =>
        OutputOptions.Number("--replicas", 1, 1, MaxReplicas, "How many replicas a key has, the owner among them. Default: 1.");

    /// <summary><c>--tokens</c>.</summary>
    /// <returns>The option.</returns>
    public static Option<int> Tokens() => OutputOptions.Number(
        "--tokens", RingLayout.DefaultTokensPerWeight, 1, 1 << 16,
        "Tokens of a member per unit of its weight. More spread keys more evenly. Default: 160.");

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _watch.AddTo(command);
        command.Options.Add(_replicas);
        command.Options.Add(_tokens);
        command.Options.Add(_self);
    }

    /// <summary>Reads them.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <returns>The settings.</returns>
    public RingSettings Read(ParseResult result) =>
        new(_watch.Read(result), result.GetValue(_replicas), result.GetValue(_tokens), result.GetValue(_self));
}
