namespace Rx.Kube;

/// <summary>
/// Which API server the one connection of a host uses. Read from the configuration section <c>Kube:Connection</c>, then code may change it.
/// Without any setting, the connection is <see cref="KubeConnection.Default"/>: the kubeconfig, else the service account of the pod.
/// </summary>
/// <remarks>If the application registers a <see cref="KubeConnection"/> of its own, that one is used, and these settings are not.</remarks>
public sealed class KubeConnectionSettings
{
    /// <summary>
    /// Gets or sets the address of a server that needs no credentials, such as <c>http://127.0.0.1:8001</c> for <c>kubectl proxy</c>. The
    /// default is null. It excludes <see cref="Context"/> and <see cref="Kubeconfig"/>.
    /// </summary>
    public Uri? Server { get; set; }

    /// <summary>Gets or sets the kubeconfig context. The default is null: its <c>current-context</c>.</summary>
    public string? Context { get; set; }

    /// <summary>Gets or sets the path of the kubeconfig. The default is null: the files that kubectl would read.</summary>
    public string? Kubeconfig { get; set; }

    /// <summary>
    /// Gets or sets the namespace of topologies that set none. The default is null: as the context or the pod says, else <c>default</c>.
    /// </summary>
    public string? Namespace { get; set; }

    /// <summary>
    /// Gets or sets what changes the options of the connection, such as <c>options => options with { UserAgent = "cart" }</c>. Only code
    /// can set it. The default is null. Its argument logs the notices of the connection, except for the output of exec plugins, which may
    /// contain secrets.
    /// </summary>
    public Func<KubeConnectionOptions, KubeConnectionOptions>? Configure { get; set; }

    /// <summary>Gets what is wrong with the configuration section, for the validation.</summary>
    internal List<string> Faults { get; } = [];
}
