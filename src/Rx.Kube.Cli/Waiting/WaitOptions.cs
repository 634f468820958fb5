using System.CommandLine;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Rings;
using Rx.Kube.Cli.Templates;

namespace Rx.Kube.Cli.Waiting;

/// <summary>Holds the arguments and the options of <c>rxkube wait</c>.</summary>
internal sealed class WaitOptions
{
    private readonly ServiceOptions _watch = new("The Service to wait for.", OutputOptions.Format(
        "text: a readable line at the end. json: a line with the last snapshot. Default: text.",
        _ => Shapes.Wait, OutputFormat.Text, OutputFormat.Json));

    private readonly Option<string[]> _for = new("--for")
    {
        Description = "What to wait for: members=N, ready=N, routable=N (also >=N and <=N), gone=NAME, ring=FINGERPRINT. " +
            "Repeat the option for several conditions, which must hold together.",
        HelpName = "CONDITION",
        Required = true,
    };

    private readonly Option<int> _tokens = RingOptions.Tokens();

    /// <summary>Initializes the options.</summary>
    public WaitOptions() => _for.Validators.Add(result =>
    {
        foreach (var token in result.Tokens)
        {
            if (WaitCondition.Parse(token.Value).Mistake is { } mistake)
            {
                result.AddError($"--for {mistake}");
            }
        }
    });

    /// <summary>Adds the arguments and the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _watch.AddTo(
            command, hasOnce: false,
            "How long to wait before exit code 1: 5s, 1m30s; 0 waits without limit. Without a complete snapshot by then, the exit code " +
            "is 3. Default: 30s.",
            hasHold: true);
        command.Options.Add(_for);
        command.Options.Add(_tokens);
    }

    /// <summary>Reads the settings from a parsed command line.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <returns>The settings.</returns>
    public WaitSettings Read(ParseResult result)
    {
        var watch = _watch.Read(result);
        return new(
            watch with { Output = watch.Output ?? OutputFormat.Text },
            [.. result.GetRequiredValue(_for).Select(text => WaitCondition.Parse(text).Condition!)], result.GetValue(_tokens));
    }
}

/// <summary>Holds the settings of <c>rxkube wait</c>.</summary>
/// <param name="Watch">The Service.</param>
/// <param name="Conditions">The conditions, which must hold together.</param>
/// <param name="Tokens">The number of tokens per unit of weight.</param>
internal sealed record WaitSettings(WatchSettings Watch, IReadOnlyList<WaitCondition> Conditions, int Tokens)
{
    /// <summary>Gets the conditions as they were typed.</summary>
    public string Text => string.Join(" and ", Conditions.Select(c => c.Text));
}
