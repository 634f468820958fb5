namespace Rx.Kube.Cli.CommandLine;

/// <summary>Which Service a command was asked to watch, and how to show it.</summary>
/// <param name="Service">The Service.</param>
internal sealed record WatchSettings(string Service)
{
    /// <summary>How long to wait for the first complete snapshot when nothing is said.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The namespace; null for the connection's own.</summary>
    public string? Namespace { get; init; }

    /// <summary>A further label selector; null for none.</summary>
    public string? Selector { get; init; }

    /// <summary>The kubeconfig file; null for the usual places.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The context; null for the current one.</summary>
    public string? Context { get; init; }

    /// <summary>Whether to watch the built-in demonstration instead of a cluster.</summary>
    public bool Demo { get; init; }

    /// <summary>The format; null for the one that fits standard output.</summary>
    public OutputFormat? Output { get; init; }

    /// <summary>Whether to stop after the first complete snapshot.</summary>
    public bool Once { get; init; }

    /// <summary>How long to wait for the first complete snapshot; zero for ever.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>Whether to use colours.</summary>
    public ColorMode Color { get; init; }
}

/// <summary>The formats of <c>-o</c>.</summary>
internal enum OutputFormat
{
    /// <summary>A table; drawn anew on a terminal.</summary>
    Table,

    /// <summary>A line per change.</summary>
    Text,

    /// <summary>A line of JSON per snapshot.</summary>
    Json,
}

/// <summary>The choices of <c>--color</c>.</summary>
internal enum ColorMode
{
    /// <summary>On a terminal, unless <c>NO_COLOR</c> is set.</summary>
    Auto,

    /// <summary>Always.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
