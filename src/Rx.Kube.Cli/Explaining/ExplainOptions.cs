using System.CommandLine;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Rings;

namespace Rx.Kube.Cli.Explaining;

/// <summary>The arguments and the options of <c>rxkube explain</c>.</summary>
internal sealed class ExplainOptions
{
    private readonly ServiceOptions _watch = new("The Service whose endpoints are the members.", OutputOptions.Format(
        "text: for people. json: one line. Default: text.", OutputFormat.Text, OutputFormat.Json));

    private readonly Argument<string> _key = new("KEY") { Description = "The key: a text. What begins with a hyphen goes after --." };
    private readonly Option<int> _replicas = RingOptions.Replicas();
    private readonly Option<int> _tokens = RingOptions.Tokens();

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _watch.AddTo(command, hasOnce: false);
        command.Arguments.Add(_key);
        command.Options.Add(_replicas);
        command.Options.Add(_tokens);
    }

    /// <summary>Reads them.</summary>
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
