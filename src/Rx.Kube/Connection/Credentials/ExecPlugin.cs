namespace Rx.Kube;

/// <summary>An exec plugin as the kubeconfig describes it. Not a record, because arguments and environment may contain secrets.</summary>
internal sealed class ExecPlugin
{
    /// <summary>client.authentication.k8s.io/v1 or v1beta1.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>The command: a name to search in PATH, or an absolute path.</summary>
    public required string Command { get; init; }

    /// <summary>The arguments, passed unchanged and without a shell.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Variables added to the process's environment.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    /// <summary>The value of KUBERNETES_EXEC_INFO.</summary>
    public required string ExecInfo { get; init; }

    /// <summary>The kubeconfig's advice for a missing plugin; may be empty.</summary>
    public required string InstallHint { get; init; }

    /// <summary>The plugin, its user and its file, for error messages.</summary>
    public required string Description { get; init; }

    /// <summary>The value of PATH.</summary>
    public required string? SearchPath { get; init; }
}
