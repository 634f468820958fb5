namespace Rx.Kube;

/// <summary>An exec plugin as the kubeconfig describes it. Not a record: arguments and environment may hold secrets.</summary>
internal sealed class ExecPlugin
{
    /// <summary>client.authentication.k8s.io/v1 or v1beta1.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>The command: a name to find in PATH, or an absolute path.</summary>
    public required string Command { get; init; }

    /// <summary>The arguments, handed over as they are: no shell.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Variables added to the process's environment.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    /// <summary>KUBERNETES_EXEC_INFO.</summary>
    public required string ExecInfo { get; init; }

    /// <summary>What the kubeconfig advises when the plugin is missing; may be empty.</summary>
    public required string InstallHint { get; init; }

    /// <summary>Which plugin, of which user, in which file.</summary>
    public required string Description { get; init; }

    /// <summary>PATH.</summary>
    public required string? SearchPath { get; init; }
}
