using System.CommandLine;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Templates;

namespace Rx.Kube.Cli.Doctor;

/// <summary>Holds the arguments and the options of <c>rxkube doctor</c>.</summary>
internal sealed class DoctorOptions
{
    private static readonly TimeSpan _usualFor = TimeSpan.FromSeconds(5);

    private readonly ServiceOptions _service = new(
        "The Service to examine; none to examine only the way to the API server.",
        OutputOptions.Format("text: a checklist. json: one line. Default: text.", _ => Shapes.Doctor, OutputFormat.Text, OutputFormat.Json),
        isOptional: true);

    private readonly Option<TimeSpan?> _for = new("--for")
    {
        Description = "How long to keep a watch open, to see whether a load balancer or a proxy cuts long requests: 90s, 10m; 0 does not " +
            "try. A watch that is cut is tried once more. Default: 5s.",
        HelpName = "DURATION",
    };

    /// <summary>Initializes the options.</summary>
    public DoctorOptions() =>
        _for.CustomParser = result => ServiceOptions.ParseTimeout(result, result.Tokens[0].Value);

    /// <summary>Adds the arguments and the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _service.AddTo(
            command, hasOnce: false, "How long each question may take to be answered: 5s, 1m30s; 0 waits without limit. Default: 30s.");
        command.Options.Add(_for);
    }

    /// <summary>Reads the settings from a parsed command line.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <returns>The settings.</returns>
    public DoctorSettings Read(ParseResult result)
    {
        var watch = _service.Read(result);
        return new(watch with { Output = watch.Output ?? OutputFormat.Text }, result.GetValue(_for) ?? _usualFor);
    }
}

/// <summary>Holds the settings of <c>rxkube doctor</c>.</summary>
/// <param name="Watch">The Service, whose name may be empty, and the connection.</param>
/// <param name="For">How long to keep a watch open; zero does not try.</param>
internal sealed record DoctorSettings(WatchSettings Watch, TimeSpan For);
