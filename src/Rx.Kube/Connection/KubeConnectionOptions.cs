using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>
/// The options of a <see cref="KubeConnection"/>: which configuration it reads, its timeouts and its clock. The defaults suit a service in
/// a pod and a developer's machine.
/// </summary>
public sealed record KubeConnectionOptions
{
    /// <summary>
    /// Gets the kubeconfig context. The default is null, which uses <c>current-context</c>. Setting it makes
    /// <see cref="KubeConnection.Default"/> read the kubeconfig even inside a cluster.
    /// </summary>
    public string? Context { get; init; }

    /// <summary>
    /// Gets the kubeconfig cluster. The default is null, which uses the cluster of the context. Setting it makes
    /// <see cref="KubeConnection.Default"/> read the kubeconfig even inside a cluster, and no context is necessary.
    /// </summary>
    public string? Cluster { get; init; }

    /// <summary>
    /// Gets the kubeconfig user, whose credentials are used. The default is null, which uses the user of the context. Setting it makes
    /// <see cref="KubeConnection.Default"/> read the kubeconfig even inside a cluster.
    /// </summary>
    public string? User { get; init; }

    /// <summary>
    /// Gets the name of the user to impersonate (kubectl's <c>--as</c>). The default is null, which uses <c>as</c> of the kubeconfig's
    /// user. The server asks whether the connection's own user may impersonate. Not used by <see cref="KubeConnection.From"/>. Source:
    /// Kubernetes documentation "User impersonation".
    /// </summary>
    public string? ImpersonateUser { get; init; }

    /// <summary>
    /// Gets the groups to impersonate (kubectl's <c>--as-group</c>), for a user who is impersonated. The default is null, which uses
    /// <c>as-groups</c> of the kubeconfig's user; so does an empty list. Not used by <see cref="KubeConnection.From"/>.
    /// </summary>
    public IReadOnlyList<string>? ImpersonateGroups { get; init; }

    /// <summary>
    /// Gets the UID to impersonate (kubectl's <c>--as-uid</c>), for a user who is impersonated. The default is null, which uses
    /// <c>as-uid</c> of the kubeconfig's user. Not used by <see cref="KubeConnection.From"/>.
    /// </summary>
    public string? ImpersonateUid { get; init; }

    /// <summary>
    /// Gets the kubeconfig files, merged in this order; all must exist. The default is null, which uses the files in <c>KUBECONFIG</c>,
    /// else <c>~/.kube/config</c>. Setting it makes <see cref="KubeConnection.Default"/> read them even inside a cluster.
    /// </summary>
    public IReadOnlyList<string>? KubeconfigPaths { get; init; }

    /// <summary>
    /// Gets the namespace for requests that do not specify one. The default is null, which uses the namespace of the context or of the pod,
    /// else <c>default</c>. An empty value is the same as null.
    /// </summary>
    /// <exception cref="ArgumentException">The value is not a valid name of a namespace.</exception>
    public string? Namespace
    {
        get;
        init => field = string.IsNullOrEmpty(value) ? null : KubeNames.Namespace(value);
    }

    /// <summary>
    /// Gets how long connecting may take, including the TLS handshake. More than zero and at most one day. The default is 10 s. Not used by
    /// <see cref="KubeConnection.From"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets how long the server may take to send the response headers of a list. More than zero and at most one day. The default is 30 s.
    /// It limits neither the response body nor the wait for the headers of a watch, which a proxy may send together with the first event.
    /// Measured on <see cref="Scheduler"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ResponseTimeout
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets how long an exec plugin may run. More than zero and at most one day. The default is 60 s. Measured on <see cref="Scheduler"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ExecTimeout
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Gets the client's name in the server's audit log. The default is <c>rx-kube/</c> and the version of this library. Not used by
    /// <see cref="KubeConnection.From"/>.
    /// </summary>
    public string UserAgent { get; init; } = $"rx-kube/{typeof(KubeConnectionOptions).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>
    /// Gets whether the server may compress lists with gzip, which it does with answers of more than 128 KB. The default is true, as in
    /// client-go. A list of slices becomes about 6 times smaller; on the same machine, over TLS, 26 MB of it took 125 ms and 62 ms of CPU
    /// instead of 136 and 110. Watches are not compressed. The limits of <see cref="WireLimits"/> are about the bytes after decompression.
    /// Source: k8s.io/apiserver endpoints/handlers/responsewriters.
    /// </summary>
    public bool CompressLists { get; init; } = true;

    /// <summary>
    /// Gets the format in which the server is asked to answer, unless <see cref="ResourceSelection.Format"/> says otherwise. The default is
    /// <see cref="WireFormat.Default"/>.
    /// </summary>
    public WireFormat Format { get; init; }

    /// <summary>
    /// Gets the limits on the files of a configuration, the output of an exec plugin, and what comes around the answers of a server. The
    /// default is <see cref="ConnectionLimits.Default"/>. Lists and watches have <see cref="WireLimits"/>.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ConnectionLimits Limits
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Limits));
    } = ConnectionLimits.Default;

    /// <summary>
    /// Gets what receives the notices of the connection: which configuration was chosen, the standard error of an exec plugin, such as a
    /// device code, a certificate that was skipped, credentials that are not sent. The default is null, which drops them. Called on any
    /// thread, one or more at a time, without a lock; what it throws is reported as a fault of a subscriber, and changes nothing else.
    /// </summary>
    public Action<ConnectionNotice>? OnNotice { get; init; }

    /// <summary>Gets the clock for timeouts, token re-reads and expiries. The default is <see cref="DefaultScheduler"/>.</summary>
    public IScheduler Scheduler { get; init; } = DefaultScheduler.Instance;

    internal Notices Notices => new(OnNotice, Outside);

    /// <summary>Makes text safe for messages; each connection has its own.</summary>
    internal OutsideText Outside { get; init; } = OutsideText.Unowned;

    internal KubeEnvironment Environment { get; init; } = KubeEnvironment.OfProcess;
}
