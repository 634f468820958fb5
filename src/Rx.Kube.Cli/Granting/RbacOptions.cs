using System.CommandLine;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Granting;

/// <summary>Holds the arguments and the options of <c>rxkube rbac</c>.</summary>
internal sealed class RbacOptions
{
    private readonly Argument<string> _for = new("COMMAND")
    {
        Description = "The command of this tool: watch, ring, explain, wait, record, agree, doctor or tree. An application " +
            "that watches EndpointSlices needs what watch needs. Default: watch.",
        HelpName = "COMMAND", // not the values that a shell completes
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _namespace = new("--namespace", "-n")
    {
        Description = "The namespace of the Service. Default: the namespace of the context or, inside a cluster, of the pod.",
        HelpName = "NAMESPACE",
    };

    private readonly Option<bool> _all = new("--all-namespaces", "-A")
    {
        Description = "Grant it in all namespaces, with a ClusterRole.",
    };

    private readonly Option<string[]> _accounts = new("--serviceaccount")
    {
        Description = "The service account that gets it, in the same namespace or as NAMESPACE:NAME; repeat the option for several.",
        HelpName = "NAME",
    };

    private readonly Option<string[]> _users = new("--user") { Description = "The user that gets it.", HelpName = "NAME" };

    private readonly Option<string[]> _groups = new("--group") { Description = "The group that gets it.", HelpName = "NAME" };

    private readonly Option<bool> _pods = new("--pods") { Description = "Also list and watch pods, for an application that joins them." };

    private readonly Option<bool> _nodes = new("--nodes")
    {
        Description = "Also list and watch nodes, which needs a ClusterRole.",
    };

    private readonly Option<bool> _endpoints = new("--endpoints")
    {
        Description = "Also list and watch Endpoints, for an application on a cluster without EndpointSlices.",
    };

    private readonly Option<string?> _name = new("--name")
    {
        Description = "The name of the Role and of the RoleBinding. Default: rxkube-COMMAND.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _kubeconfig = new("--kubeconfig")
    {
        Description = "The kubeconfig file, which is read for its namespace only. Default: as kubectl.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _context = new("--context")
    {
        Description = "The kubeconfig context. Default: the current one.",
        HelpName = "NAME",
    };

    private readonly Option<OutputChoice?> _output = OutputOptions.Format(
        "yaml: several documents. json: one line, a List. Default: yaml.", OutputFormat.Yaml, OutputFormat.Json);

    /// <summary>Initializes the options.</summary>
    public RbacOptions()
    {
        _for.CompletionSources.Add([.. Grants.Commands]);
        _for.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && !Grants.Commands.Contains(name))
            {
                result.AddError($"'{name}' is not one of {string.Join(", ", Grants.Commands)}.{NearNames.Question(name, Grants.Commands)}");
            }
        });
        _namespace.Validators.Add(KubernetesName.CheckNamespace);
        _name.Validators.Add(result => KubernetesName.CheckSubdomain(result, "name of a Role"));
        _accounts.Validators.Add(KubernetesName.CheckServiceAccount);
    }

    /// <summary>Adds the arguments and the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_for);
        Option[] options =
        [
            _namespace, _all, _accounts, _users, _groups, _pods, _nodes, _endpoints, _name, _kubeconfig, _context, _output,
        ];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(_accounts) is null && result.GetResult(_users) is null && result.GetResult(_groups) is null)
            {
                result.AddError(
                    "Who gets it is missing. To fix: add --serviceaccount NAME for an application, --user NAME or --group NAME.");
            }
        });
    }

    /// <summary>Reads the settings from a parsed command line.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <returns>The settings.</returns>
    public RbacSettings Read(ParseResult result) => new(result.GetValue(_for) ?? "watch")
    {
        Namespace = result.GetValue(_namespace),
        AllNamespaces = result.GetValue(_all),
        ServiceAccounts = [.. result.GetValue(_accounts) ?? []],
        Users = [.. result.GetValue(_users) ?? []],
        Groups = [.. result.GetValue(_groups) ?? []],
        Pods = result.GetValue(_pods),
        Nodes = result.GetValue(_nodes),
        Endpoints = result.GetValue(_endpoints),
        Name = result.GetValue(_name),
        Kubeconfig = result.GetValue(_kubeconfig),
        Context = result.GetValue(_context),
        Output = result.GetValue(_output)?.Format ?? OutputFormat.Yaml,
    };
}

/// <summary>Holds the settings of <c>rxkube rbac</c>.</summary>
/// <param name="Command">The command of this tool.</param>
internal sealed record RbacSettings(string Command)
{
    /// <summary>Gets the namespace; null selects the namespace of the context.</summary>
    public string? Namespace { get; init; }

    /// <summary>Gets whether to grant it in all namespaces.</summary>
    public bool AllNamespaces { get; init; }

    /// <summary>Gets the service accounts, as <c>NAME</c> or <c>NAMESPACE:NAME</c>.</summary>
    public EquatableArray<string> ServiceAccounts { get; init; } = [];

    /// <summary>Gets the users.</summary>
    public EquatableArray<string> Users { get; init; } = [];

    /// <summary>Gets the groups.</summary>
    public EquatableArray<string> Groups { get; init; } = [];

    /// <summary>Gets whether to add pods.</summary>
    public bool Pods { get; init; }

    /// <summary>Gets whether to add nodes.</summary>
    public bool Nodes { get; init; }

    /// <summary>Gets whether to add Endpoints.</summary>
    public bool Endpoints { get; init; }

    /// <summary>Gets the name of the Role; null selects the name after the command.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the kubeconfig file; null selects the default locations.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Gets the kubeconfig context; null selects the current context.</summary>
    public string? Context { get; init; }

    /// <summary>Gets the output format.</summary>
    public OutputFormat Output { get; init; } = OutputFormat.Yaml;
}
