using Rx.Kube.Cli.Templates;

namespace Rx.Kube.Cli.CommandLine;

/// <summary>Describes the Service that a command watches and how the command shows it.</summary>
/// <param name="Service">The Service.</param>
internal sealed record WatchSettings(string Service)
{
    /// <summary>Gets the default of <see cref="Timeout"/>: 30 seconds.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the namespace; null selects the namespace of the connection.</summary>
    public string? Namespace { get; init; }

    /// <summary>Gets the additional label selector, or null.</summary>
    public string? Selector { get; init; }

    /// <summary>Gets the kubeconfig file; null selects the default locations.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Gets the kubeconfig context; null selects the current context.</summary>
    public string? Context { get; init; }

    /// <summary>Gets the kubeconfig cluster; null selects the cluster of the context.</summary>
    public string? Cluster { get; init; }

    /// <summary>Gets the kubeconfig user; null selects the user of the context.</summary>
    public string? User { get; init; }

    /// <summary>Gets the user to impersonate, or null.</summary>
    public string? As { get; init; }

    /// <summary>Gets the groups to impersonate.</summary>
    public EquatableArray<string> AsGroups { get; init; } = [];

    /// <summary>Gets the UID to impersonate, or null.</summary>
    public string? AsUid { get; init; }

    /// <summary>
    /// Gets how long the server may take to answer a list request; zero means without limit, null selects the default of the connection.
    /// </summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>Gets whether to watch the built-in demonstration instead of a cluster.</summary>
    public bool Demo { get; init; }

    /// <summary>Gets the output format; null selects the table on a terminal and text otherwise.</summary>
    public OutputFormat? Output { get; init; }

    /// <summary>Gets the template that prints fields of the JSON; null to print the output as it is.</summary>
    public Template? Template { get; init; }

    /// <summary>Gets whether to stop after the first complete snapshot.</summary>
    public bool Once { get; init; }

    /// <summary>Gets how long to wait for the first complete snapshot; zero means without limit.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>Gets how long a member that left keeps its place; zero for not at all.</summary>
    public TimeSpan Hold { get; init; }

    /// <summary>Gets whether to use colours.</summary>
    public ColorMode Color { get; init; }
}

/// <summary>Specifies an output format of <c>-o</c>.</summary>
internal enum OutputFormat
{
    /// <summary>A table; redrawn on a terminal.</summary>
    Table,

    /// <summary>One line per change.</summary>
    Text,

    /// <summary>One line of JSON per snapshot.</summary>
    Json,

    /// <summary>A manifest for <c>kubectl apply -f -</c>.</summary>
    Yaml,
}

/// <summary>Specifies when to use colours: <c>--color</c>.</summary>
internal enum ColorMode
{
    /// <summary>On a terminal, unless <c>NO_COLOR</c> is set.</summary>
    Auto,

    /// <summary>Always.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
