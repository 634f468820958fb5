using System.CommandLine;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Pages;
using Rx.Kube.Cli.Templates;

namespace Rx.Kube.Cli.Rings;

/// <summary>Holds the options of <c>rxkube ring</c> and creates the options that describe a ring.</summary>
internal sealed class RingOptions
{
    /// <summary>The limit of <c>--replicas</c>.</summary>
    private const int MaxReplicas = 100;

    private readonly ServiceOptions _watch = new("The Service whose endpoints are the members.", OutputOptions.Format(
        "table: redrawn on a terminal. text: the ring, then a line per change (~ joined and left, = live, ! stale). " +
        "json: a line per ring. Default: table on a terminal, else text.",
        _ => Shapes.Ring, OutputFormat.Table, OutputFormat.Text, OutputFormat.Json));

    private readonly Option<int> _replicas = Replicas();
    private readonly Option<int> _tokens = Tokens();
    private readonly Option<WebAddress?> _web = WebOption.Create();

    private readonly Option<string?> _self = new("--self")
    {
        Description = "With each change, also print what this member gains and loses.",
        HelpName = "MEMBER",
    };

    /// <summary>Creates the option <c>--replicas</c>.</summary>
    /// <returns>The option.</returns>
    public static Option<int> Replicas() =>
        OutputOptions.Number("--replicas", 1, 1, MaxReplicas, "The number of replicas of a key, including the owner.");

    /// <summary>Creates the option <c>--tokens</c>.</summary>
    /// <returns>The option.</returns>
    public static Option<int> Tokens() => OutputOptions.Number(
        "--tokens", RingLayout.DefaultTokensPerWeight, 1, 1 << 16,
        "The number of tokens of a member per unit of weight. More tokens spread keys more evenly.");

    /// <summary>Adds the argument and the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _watch.AddTo(command, hasHold: true);
        command.Options.Add(_replicas);
        command.Options.Add(_tokens);
        command.Options.Add(_self);
        command.Options.Add(_web);
        command.Validators.Add(result =>
        {
            string[] printing = ["--output", "--once", "--self"];
            if (result.GetResult(_web) is not null &&
                command.Options.FirstOrDefault(o => printing.Contains(o.Name) && result.GetResult(o) is { Implicit: false }) is { } other)
            {
                result.AddError($"--web shows a page and cannot be combined with {other.Name}, which is for printed output.");
            }
        });
    }

    /// <summary>Reads the settings from a parsed command line.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <returns>The settings.</returns>
    public RingSettings Read(ParseResult result) =>
        new(_watch.Read(result), result.GetValue(_replicas), result.GetValue(_tokens), result.GetValue(_self))
        {
            Web = result.GetValue(_web),
        };
}

/// <summary>Holds the settings of <c>rxkube ring</c>.</summary>
/// <param name="Watch">The Service.</param>
/// <param name="Replicas">The number of replicas of a key.</param>
/// <param name="Tokens">The number of tokens per unit of weight.</param>
/// <param name="Self">The member whose gains and losses are printed, or null.</param>
internal sealed record RingSettings(WatchSettings Watch, int Replicas, int Tokens, string? Self)
{
    /// <summary>Gets the layout of the ring.</summary>
    public RingLayout Layout => RingLayout.Native(Tokens);

    /// <summary>Gets where to serve the page of the ring; null to print the ring.</summary>
    public WebAddress? Web { get; init; }

    /// <summary>Gets whether the rings are those of a recording: the page then keeps the changes of its whole time.</summary>
    public bool IsRecording { get; init; }
}
