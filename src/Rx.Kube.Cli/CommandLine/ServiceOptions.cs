using System.CommandLine;
using System.CommandLine.Parsing;

namespace Rx.Kube.Cli.CommandLine;

/// <summary>Holds the argument and the options of all commands that watch a Service, or several.</summary>
internal sealed class ServiceOptions
{
    /// <summary>The mistake of <c>-A</c> without a name, with which kubectl lists everything.</summary>
    public const string AllWithoutService =
        "A Service is missing: -A cannot watch all of them. " +
        "To fix: write the name of one and -n NAMESPACE; kubectl get services -A lists the names.";

    private readonly Argument<string>? _service;
    private readonly Option<OutputChoice?> _output;
    private readonly Option<ColorMode> _color = OutputOptions.Color();

    private readonly Option<string?> _namespace = new("--namespace", "-n")
    {
        Description = "The namespace of the Service. Default: the namespace of the context or, inside a cluster, of the pod.",
        HelpName = "NAMESPACE",
    };

    private readonly Option<bool> _allNamespaces = new("--all-namespaces", "-A")
    {
        // As in kubectl, which knows the option and refuses it together with a name.
        Hidden = true,
    };

    private readonly Option<string?> _selector = new("--selector", "-l")
    {
        Description = "Label selector for EndpointSlices, in kubectl syntax: key=value,key!=value,key in (a,b).",
        HelpName = "SELECTOR",
    };

    private readonly Option<string?> _kubeconfig = new("--kubeconfig")
    {
        Description = "The kubeconfig file. Default: $KUBECONFIG, else ~/.kube/config, else the pod's service account.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _context = new("--context")
    {
        Description = "The kubeconfig context. Default: the current one.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _cluster = new("--cluster")
    {
        Description = "The kubeconfig cluster. Default: the cluster of the context.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _user = new("--user")
    {
        Description = "The kubeconfig user. Default: the user of the context.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _as = new("--as")
    {
        Description = "The user to impersonate. A service account is system:serviceaccount:NAMESPACE:NAME.",
        HelpName = "USER",
    };

    private readonly Option<string[]> _asGroups = new("--as-group")
    {
        Description = "A group to impersonate together with --as; repeat the option for several groups.",
        HelpName = "GROUP",
    };

    private readonly Option<string?> _asUid = new("--as-uid")
    {
        Description = "The UID to impersonate together with --as.",
        HelpName = "UID",
    };

    private readonly Option<TimeSpan?> _requestTimeout = new("--request-timeout")
    {
        Description = "How long the server may take to answer one list request: 5, 5s, 1m30s; 0, and more than 24h, count as 24h. " +
            "A watch stays open. Default: 30s.",
        HelpName = "DURATION",
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

    private readonly Option<TimeSpan?> _hold = Hold();

    /// <summary>Initializes the options of a command that finds out its Services itself.</summary>
    /// <param name="output">The option <c>-o</c>.</param>
    public ServiceOptions(Option<OutputChoice?> output)
    {
        _output = output;
        _timeout.CustomParser = result => ParseTimeout(result, result.Tokens[0].Value);

        // As in kubectl, a number without a unit is a number of seconds.
        _requestTimeout.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            const string Allowed = "5, 5s or 1m30s; 0, and more than 24h, count as 24h";
            return ParseTimeout(result, text.All(char.IsAsciiDigit) ? text + "s" : text, Allowed);
        };
    }

    /// <summary>Initializes the options of a command on one Service.</summary>
    /// <param name="service">The description of the argument SERVICE.</param>
    /// <param name="output">The option <c>-o</c>.</param>
    /// <param name="isOptional">Whether the command can do without a Service; its name is then empty.</param>
    public ServiceOptions(string service, Option<OutputChoice?> output, bool isOptional = false)
        : this(output)
    {
        _service = new("SERVICE") { Description = service + " NAME or svc/NAME." };
        if (isOptional)
        {
            _service.Arity = ArgumentArity.ZeroOrOne;
        }

        _service.Validators.Add(KubernetesName.CheckService);
        _namespace.Validators.Add(KubernetesName.CheckNamespace);
    }

    /// <summary>Gets the options that select a server and an identity.</summary>
    private Option[] Connecting => [_kubeconfig, _context, _cluster, _user, _as, _asGroups, _asUid];

    /// <summary>Adds the argument and the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="hasOnce">Whether the command has <c>--once</c>: it can print more than the first complete snapshot.</param>
    /// <param name="timeout">The description of <c>--timeout</c>; null for the limit of the first complete snapshot.</param>
    /// <param name="hasHold">Whether the command has <c>--hold</c>: it shows how members leave.</param>
    public void AddTo(Command command, bool hasOnce = true, string? timeout = null, bool hasHold = false)
    {
        _timeout.Description = timeout ?? _timeout.Description;
        Option[] options = [_selector, .. Connecting, _requestTimeout, _output, _once, _timeout, _hold, _color];
        if (_service is not null)
        {
            command.Arguments.Add(_service);
            options =
            [
                _namespace, _allNamespaces, _selector, .. Connecting, _requestTimeout, _demo, _output, _once, _timeout, _hold, _color,
            ];
        }

        foreach (var option in options)
        {
            if ((hasOnce || option != _once) && (hasHold || option != _hold))
            {
                command.Options.Add(option);
            }
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(_demo) && Connecting.FirstOrDefault(option => result.GetResult(option) is not null) is { } other)
            {
                result.AddError($"--demo has its own server and cannot be combined with {other.Name}.");
            }

            if (result.GetValue(_allNamespaces))
            {
                var isNamed = _service is not null && result.GetResult(_service)?.Tokens is [_, ..];
                result.AddError(!isNamed && _service?.Arity.MinimumNumberOfValues > 0 ? AllWithoutService
                    : !isNamed ? $"{command.Name} looks at one namespace. To fix: write -n NAMESPACE instead of --all-namespaces."
                    : "A Service cannot be watched by its name across all namespaces. " +
                        "To fix: write -n NAMESPACE instead of --all-namespaces.");
            }
        });
    }

    /// <summary>Reads the settings from a parsed command line.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <returns>The settings.</returns>
    public WatchSettings Read(ParseResult result) => new(KubernetesName.OfService(_service is null ? "" : result.GetValue(_service) ?? ""))
    {
        Namespace = result.GetValue(_namespace),
        Selector = result.GetValue(_selector),
        Kubeconfig = result.GetValue(_kubeconfig),
        Context = result.GetValue(_context),
        Cluster = result.GetValue(_cluster),
        User = result.GetValue(_user),
        As = result.GetValue(_as),
        AsGroups = [.. result.GetValue(_asGroups) ?? []],
        AsUid = result.GetValue(_asUid),
        RequestTimeout = result.GetValue(_requestTimeout),
        Demo = result.GetValue(_demo),
        Output = result.GetValue(_output)?.Format,
        Template = result.GetValue(_output)?.Template,
        Once = result.GetValue(_once),
        Timeout = result.GetValue(_timeout) ?? WatchSettings.DefaultTimeout,
        Hold = result.GetValue(_hold) ?? TimeSpan.Zero,
        Color = result.GetValue(_color),
    };

    /// <summary>Creates the option <c>--hold</c>.</summary>
    /// <returns>The option.</returns>
    public static Option<TimeSpan?> Hold() => new("--hold")
    {
        Description = "How long a member that left keeps its place, held, because it may come back: 30s, 2m. It then is neither ready " +
            "nor serving. Default: 0, not at all.",
        HelpName = "DURATION",
        CustomParser = result => ParseTimeout(result, result.Tokens[0].Value),
    };

    /// <summary>Reads a duration of an option.</summary>
    /// <param name="result">The parsed option.</param>
    /// <param name="text">The text.</param>
    /// <param name="allowed">What may be written, for the error; null for durations of which zero is no limit.</param>
    /// <returns>The duration; an error is added to the result if it is none.</returns>
    public static TimeSpan? ParseTimeout(ArgumentResult result, string text, string? allowed = null)
    {
        if (!Duration.TryParse(text, out var duration))
        {
            allowed ??= $"5s, 1m30s, or 0 for no limit; at most {Duration.Longest.TotalHours:0}h";
            result.AddError($"{OutputOptions.Typed(result)} '{text}' is not a duration. To fix: write {allowed}.");
        }

        return duration;
    }
}
