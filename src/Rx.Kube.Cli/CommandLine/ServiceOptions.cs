using System.CommandLine;
using System.CommandLine.Parsing;

namespace Rx.Kube.Cli.CommandLine;

/// <summary>Holds the argument and the options of all commands that watch a Service.</summary>
internal sealed class ServiceOptions
{
    private readonly Argument<string> _service;
    private readonly Option<OutputFormat?> _output;
    private readonly Option<ColorMode> _color = OutputOptions.Color();

    private readonly Option<string?> _namespace = new("--namespace", "-n")
    {
        Description = "The namespace of the Service. Default: the namespace of the context or, inside a cluster, of the pod.",
        HelpName = "NAMESPACE",
    };

    private readonly Option<string?> _selector = new("--selector", "-l")
    {
        Description = "Label selector for EndpointSlices, in kubectl syntax: key=value,key!=value,key in (a,b).",
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
        Description = "Watch a simulated Service under steady churn, inside this process. No cluster is needed or contacted.",
    };

    private readonly Option<bool> _once = new("--once") { Description = "Print the first complete snapshot and exit." };

    private readonly Option<TimeSpan?> _timeout = new("--timeout")
    {
        Description = "How long to wait for the first complete snapshot before exit code 3: 5s, 1m30s; 0 waits without limit. " +
            "After the first snapshot there is no limit: a lost connection is shown as stale and retried. Default: 30s.",
        HelpName = "DURATION",
    };

    /// <summary>Initializes the options of one command.</summary>
    /// <param name="service">The description of the argument SERVICE.</param>
    /// <param name="output">The option <c>-o</c>.</param>
    public ServiceOptions(string service, Option<OutputFormat?> output)
    {
        _service = new("SERVICE") { Description = service };
        _output = output;
        _service.Validators.Add(result => Check(result, "Service", KubernetesName.IsServiceName));
        _namespace.Validators.Add(result => Check(result, "namespace", KubernetesName.IsLabel));
        _timeout.CustomParser = ParseTimeout;
    }

    /// <summary>Adds the argument and the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="hasOnce">Whether the command has <c>--once</c>: it can print more than the first complete snapshot.</param>
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
                result.AddError("--demo has its own server and cannot be combined with --kubeconfig or --context.");
            }
        });
    }

    /// <summary>Reads the settings from a parsed command line.</summary>
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
            result.AddError($"'{name}' is not a valid {what} name. To fix: use lower-case letters, digits and '-', at most 63 characters.");
        }
    }

    private static TimeSpan? ParseTimeout(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (!Duration.TryParse(text, out var duration))
        {
            result.AddError($"'{text}' is not a duration. To fix: write 5s, 1m30s, or 0 to wait without limit.");
        }

        return duration;
    }
}
