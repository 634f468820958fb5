using System.CommandLine;
using System.CommandLine.Parsing;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Templates;

namespace Rx.Kube.Cli.Agreeing;

/// <summary>Holds the arguments and the options of <c>rxkube agree</c>.</summary>
internal sealed class AgreeOptions
{
    /// <summary>The path that <c>MapKubeTopology</c> has unless the application chose another one.</summary>
    private const string UsualPath = "/rxkube";

    private static readonly TimeSpan _usualSettle = TimeSpan.FromSeconds(3);

    private readonly ServiceOptions _server = new(
        OutputOptions.Format("text: a line per process. json: one line. Default: text.",
            _ => Shapes.Agree, OutputFormat.Text, OutputFormat.Json));

    private readonly Argument<string[]> _processes = new("URL")
    {
        Description = "The processes to ask: where the application maps MapKubeTopology. " +
            $"HOST:PORT stands for http://HOST:PORT{UsualPath}.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _headers = new("--header", "-H")
    {
        Description = "A header of the requests to the processes, such as 'Authorization: Bearer TOKEN'; repeat it for several.",
        HelpName = "HEADER",
    };

    private readonly Option<TimeSpan?> _settle = new("--settle")
    {
        Description = "How long a process that differs may take to catch up, before it is a finding: 0, 5s, 1m. Default: 3s.",
        HelpName = "DURATION",
    };

    /// <summary>Initializes the options.</summary>
    public AgreeOptions()
    {
        _processes.Validators.Add(result => Check(
            result, text => UriOf(text) is null,
            "is not the URL of a process. To fix: write http://HOST:PORT/PATH or HOST:PORT."));
        _headers.Validators.Add(result => Check(
            result, text => HeaderOf(text) is null, "is not a header. To fix: write 'NAME: VALUE'.", isSecret: true));
        _settle.CustomParser = result => ServiceOptions.ParseTimeout(result, result.Tokens[0].Value);
    }

    /// <summary>Adds the arguments and the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_processes);
        _server.AddTo(
            command, hasOnce: false,
            "How long each process, and the API server, may take to answer: 5s, 1m30s; 0 waits without limit. Default: 30s.");
        command.Options.Add(_headers);
        command.Options.Add(_settle);
    }

    /// <summary>Reads the settings from a parsed command line.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <returns>The settings.</returns>
    public AgreeSettings Read(ParseResult result)
    {
        var watch = _server.Read(result);
        return new(
            watch with { Output = watch.Output ?? OutputFormat.Text },
            [.. result.GetRequiredValue(_processes).Select(text => UriOf(text)!).Distinct()],
            [.. (result.GetValue(_headers) ?? []).Select(text => HeaderOf(text)!.Value)],
            result.GetValue(_settle) ?? _usualSettle);
    }

    private static void Check(SymbolResult result, Func<string, bool> isWrong, string mistake, bool isSecret = false)
    {
        foreach (var token in result.Tokens.Where(token => isWrong(token.Value)))
        {
            var option = OutputOptions.Typed(result);
            result.AddError($"{option}{(option.Length > 0 ? " " : "")}{(isSecret ? "the value" : $"'{token.Value}'")} {mistake}");
        }
    }

    private static Uri? UriOf(string text)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return !text.StartsWith('-') && Uri.TryCreate(full, UriKind.Absolute, out var uri)
            && uri is { Scheme: "http" or "https", UserInfo: "" }
            ? uri.AbsolutePath == "/" ? new Uri(uri, UsualPath) : uri
            : null;
    }

    private static KeyValuePair<string, string>? HeaderOf(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (name, value) = colon > 0 ? (text[..colon], text[(colon + 1)..].Trim()) : ("", "");
        return name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && value.All(c => c is >= ' ' and <= '~')
            ? new(name, value)
            : null;
    }
}

/// <summary>Holds the settings of <c>rxkube agree</c>.</summary>
/// <param name="Watch">The connection to the API server and the output.</param>
/// <param name="Processes">The processes.</param>
/// <param name="Headers">The headers of the requests to the processes.</param>
/// <param name="Settle">How long a process that differs may take to catch up.</param>
internal sealed record AgreeSettings(
    WatchSettings Watch, IReadOnlyList<Uri> Processes, IReadOnlyList<KeyValuePair<string, string>> Headers, TimeSpan Settle);
