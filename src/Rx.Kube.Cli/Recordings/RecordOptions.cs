using System.CommandLine;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Templates;

namespace Rx.Kube.Cli.Recordings;

/// <summary>Holds the argument and the options of <c>rxkube record</c>.</summary>
internal sealed class RecordOptions
{
    private readonly ServiceOptions _watch = new("The Service to record.", OutputOptions.Format(
        "What is shown meanwhile, as with watch. Default: table on a terminal, else text.",
        _ => Shapes.Watch, OutputFormat.Table, OutputFormat.Text, OutputFormat.Json));

    private readonly Option<string> _file = new("--file", "-f")
    {
        Description = "The file to write, usually NAME.rxk.ndjson; with .gz at its end it is compressed.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<TimeSpan?> _for = new("--for")
    {
        Description = "How long to record, from the start of the command: 90s, 10m, 8h. Default: until Ctrl+C.",
        HelpName = "DURATION",
    };

    private readonly Option<bool> _anonymize = new("--anonymize")
    {
        Description = "Replace names, namespaces, nodes, zones, uids and addresses by pseudonyms. The ring then places keys differently.",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace the file if it exists." };

    /// <summary>Adds the argument and the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _for.CustomParser = result =>
        {
            if (!Duration.TryParse(result.Tokens[0].Value, out var duration) || duration == TimeSpan.Zero)
            {
                result.AddError($"--for '{result.Tokens[0].Value}' is not a duration. To fix: write 90s, 10m or 8h.");
            }

            return duration;
        };
        _watch.AddTo(command, hasOnce: false);
        command.Options.Add(_file);
        command.Options.Add(_for);
        command.Options.Add(_anonymize);
        command.Options.Add(_force);
    }

    /// <summary>Reads the settings from a parsed command line.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <returns>The settings.</returns>
    public RecordSettings Read(ParseResult result) => new(
        _watch.Read(result), result.GetRequiredValue(_file), result.GetValue(_for), result.GetValue(_anonymize), result.GetValue(_force));
}

/// <summary>Holds the settings of <c>rxkube record</c>.</summary>
/// <param name="Watch">The Service, and what is shown meanwhile.</param>
/// <param name="File">The file.</param>
/// <param name="For">How long to record; null until the user stops the tool.</param>
/// <param name="Anonymize">Whether names and addresses are replaced.</param>
/// <param name="Force">Whether an existing file is replaced.</param>
internal sealed record RecordSettings(WatchSettings Watch, string File, TimeSpan? For, bool Anonymize, bool Force);
