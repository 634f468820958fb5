using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>
/// How a <see cref="KubeConnection"/> is found and how patient it is. The defaults suit a service in a pod and a developer's machine.
/// </summary>
public sealed record KubeConnectionOptions
{
    /// <summary>
    /// The kubeconfig context; null: <c>current-context</c>. Setting it makes <see cref="KubeConnection.Default"/> read the kubeconfig
    /// even inside a cluster.
    /// </summary>
    public string? Context { get; init; }

    /// <summary>
    /// The kubeconfig files, merged in this order; all must exist. Null: those of <c>KUBECONFIG</c>, else <c>~/.kube/config</c>.
    /// Setting it makes <see cref="KubeConnection.Default"/> read them even inside a cluster.
    /// </summary>
    public IReadOnlyList<string>? KubeconfigPaths { get; init; }

    /// <summary>The namespace to use where none is named; null: the context's or the pod's own, else <c>default</c>.</summary>
    public string? Namespace { get; init; }

    /// <summary>How long a TCP and TLS connect may take; more than zero, at most a day, 10 s by default. Not used by <see cref="KubeConnection.From"/>.</summary>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the server may take until the headers of its answer are here; more than zero, at most a day, 30 s by default. The answer's body is not bounded by it.
    /// Measured on <see cref="Scheduler"/>.
    /// </summary>
    public TimeSpan ResponseTimeout
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromSeconds(30);

    /// <summary>How long an exec plugin may run; more than zero, at most a day, 60 s by default. Measured on <see cref="Scheduler"/>.</summary>
    public TimeSpan ExecTimeout
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromSeconds(60);

    /// <summary>What the server's audit log shows as the client. Not used by <see cref="KubeConnection.From"/>.</summary>
    public string UserAgent { get; init; } = $"rx-kube/{typeof(KubeConnectionOptions).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>The clock of timeouts, of token re-reads and of expiries. <see cref="DefaultScheduler"/> where nothing is set.</summary>
    public IScheduler Scheduler { get; init; } = DefaultScheduler.Instance;

    internal KubeEnvironment Environment { get; init; } = KubeEnvironment.OfProcess;
}
