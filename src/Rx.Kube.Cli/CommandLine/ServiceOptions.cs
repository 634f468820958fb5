using System.CommandLine;
using System.CommandLine.Parsing;

namespace Rx.Kube.Cli.CommandLine;

/// <summary>The argument and the options of every command that watches a Service, and how they are read.</summary>
internal sealed class ServiceOptions
{
    private readonly Argument<string> _service;
    private readonly Option<OutputFormat?> _output;
    private readonly Option<ColorMode> _color = OutputOptions.Color();

    private readonly Option<string?> _namespace = new("--namespace", "-n")
    {
        Description = "The Service's namespace. Default: the context's namespace, or in a cluster the pod's own.",
        HelpName = "NAMESPACE",
    };

    private readonly Option<string?> _selector = new("--selector", "-l")
    {
        Description = "Only EndpointSlices whose labels match too, as in kubectl: key=value,key!=value,key in (a,b).",
        HelpName = "SELECTOR",
    };

    private readonly Option<string?> _kubeconfig = new("--kubeconfig")
    {
        Description = "The kubeconfig file. Default: the pod's service account, else $KUBECONFIG, else ~/.kube/config.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _context = new("--context")
    {
        Description = "The kubeconfig context. Default: the current one.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _demo = new("--demo")
    {
        Description = "Watch a made-up Service under steady churn, in this process. No cluster is needed or touched.",
    };

    private readonly Option<bool> _once = new("--once") { Description = "Print the first complete snapshot and exit." };

    private readonly Option<TimeSpan?> _timeout = new("--timeout")
    {
        Description = "Give up with exit code 3 when no complete snapshot has come after this long: 5s, 1m30s; 0 waits for ever. " +
            "After the first one nothing gives up: a lost connection is shown as stale and retried. Default: 30s.",
        HelpName = "DURATION",
    };

    /// <summary>The options of one command.</summary>
    /// <param name="service">What the argument is.</param>
    /// <param name="output">The option <c>-o</c>.</param>
    public ServiceOptions(string service, Option<OutputFormat?> output)
    {
        _service = new("SERVICE") { Description = service };
        _output = output;
        _service.Validators.Add(result => Check(result, "Service", KubernetesName.IsServiceName));
        _namespace.Validators.Add(result => Check(result, "namespace", KubernetesName.IsLabel));
        _timeout.CustomParser = ParseTimeout;
    }

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="hasOnce">Whether the command may go on after the first complete snapshot.</param>
    public void AddTo(Command command, bool hasOnce = true)
    {
        command.Arguments.Add(_service);
        foreach (var option in new Option[] { _namespace, _selector, _kubeconfig, _context, _demo, _output, _once, _timeout, _color })
        {
            if (hasOnce || option != _once)
            {
                command.Options.Add(option);
            }
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(_demo) && (result.GetResult(_kubeconfig) ?? result.GetResult(_context)) is not null)
            {
                result.AddError("--demo brings its own server: it does not go with --kubeconfig or --context.");
            }
        });
    }

    /// <summary>Reads them.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <returns>The settings.</returns>
    public WatchSettings Read(ParseResult result) => new(result.GetRequiredValue(_service))
    {
        Namespace = result.GetValue(_namespace),
        Selector = result.GetValue(_selector),
        Kubeconfig = result.GetValue(_kubeconfig),
        Context = result.GetValue(_context),
        Demo = result.GetValue(_demo),
        Output = result.GetValue(_output),
        Once = result.GetValue(_once),
        Timeout = result.GetValue(_timeout) ?? WatchSettings.DefaultTimeout,
        Color = result.GetValue(_color),
    };

    private static void Check(SymbolResult result, string what, Func<string, bool> isValid)
    {
        if (result.Tokens is [{ Value: var name }] && !isValid(name))
        {
            result.AddError($"'{name}' is not the name of a {what}: lower-case letters, digits and '-', at most 63.");
        }
    }

    private static TimeSpan? ParseTimeout(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (!Duration.TryParse(text, out var duration))
        {
            result.AddError($"'{text}' is not a duration: write 5s, 1m30s, or 0 to wait for ever.");
        }

        return duration;
    }
}
