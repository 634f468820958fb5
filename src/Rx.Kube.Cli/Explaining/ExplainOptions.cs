using System.CommandLine;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Rings;
using Rx.Kube.Cli.Templates;

namespace Rx.Kube.Cli.Explaining;

/// <summary>Holds the arguments and the options of <c>rxkube explain</c>.</summary>
internal sealed class ExplainOptions
{
    private readonly ServiceOptions _watch = new("The Service whose endpoints are the members.", OutputOptions.Format(
        "text: several readable lines. json: one line. Default: text.", _ => Shapes.Explain, OutputFormat.Text, OutputFormat.Json));

    private readonly Argument<string> _key = new("KEY")
    {
        Description = "The key, a text. A key that starts with a hyphen follows after --.",
    };

    private readonly Option<int> _replicas = RingOptions.Replicas();
    private readonly Option<int> _tokens = RingOptions.Tokens();

    /// <summary>Adds the arguments and the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _watch.AddTo(command, hasOnce: false, hasHold: true);
        command.Arguments.Add(_key);
        command.Options.Add(_replicas);
        command.Options.Add(_tokens);
    }

    /// <summary>Reads the settings from a parsed command line.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <returns>The settings.</returns>
    public ExplainSettings Read(ParseResult result)
    {
        var watch = _watch.Read(result);
        return new(
            watch with { Once = true, Output = watch.Output ?? OutputFormat.Text }, result.GetRequiredValue(_key),
            result.GetValue(_replicas), result.GetValue(_tokens));
    }
}

/// <summary>Holds the settings of <c>rxkube explain</c>.</summary>
/// <param name="Watch">The Service.</param>
/// <param name="Key">The key.</param>
/// <param name="Replicas">The number of replicas of a key.</param>
/// <param name="Tokens">The number of tokens per unit of weight.</param>
internal sealed record ExplainSettings(WatchSettings Watch, string Key, int Replicas, int Tokens)
{
    /// <summary>Gets how long a member that left keeps its keys; zero for not at all.</summary>
    public TimeSpan Hold => Watch.Hold;

    /// <summary>Gets the layout of the ring.</summary>
    public RingLayout Layout => RingLayout.Native(Tokens);
}
