using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>
/// The options of one topology of a host. They are read from the configuration section <c>Kube:Topologies:NAME</c>, then code may change
/// them, then they are validated when the host starts. Later changes of the configuration have no effect.
/// </summary>
/// <remarks>
/// In configuration, a time is written as <c>00:00:30</c> or with one unit, as <c>500ms</c>, <c>30s</c>, <c>2m</c> or <c>1h</c>. A key that
/// is not an option is an error.
/// </remarks>
public sealed class KubeTopologyOptions
{
    /// <summary>Gets or sets the namespace. The default is null: the namespace of the connection, which in a pod is its own.</summary>
    public string? Namespace { get; set; }

    /// <summary>Gets or sets the name of the Service. The default is null: the name of the topology.</summary>
    public string? Service { get; set; }

    /// <summary>Gets or sets additional labels that the slices must have, as a label selector. The default is null: none.</summary>
    public string? LabelSelector { get; set; }

    /// <summary>
    /// Gets or sets how long a departed member keeps its place on the ring. From zero to one day. The default is zero: the ring has exactly
    /// the members of the snapshot. For a StatefulSet, set more than the restart of a pod takes, and use replicas: a member that is held
    /// cannot be reached.
    /// </summary>
    public TimeSpan HoldDepartures { get; set; }

    /// <summary>
    /// Gets or sets whether a member leaves the ring when it begins to terminate, so that it can hand over what it has while it still
    /// runs, as <c>WhereNotTerminating</c> describes. Snapshots still have it. The default is false: it leaves the ring when it leaves
    /// the snapshot. It excludes <see cref="HoldDepartures"/>.
    /// </summary>
    public bool LeaveWhenTerminating { get; set; }

    /// <summary>
    /// Gets or sets the replication factor of the ring. At least 1 and at most 100. The default is 1. It is part of the fingerprint.
    /// </summary>
    public int Replicas { get; set; } = 1;

    /// <summary>
    /// Gets or sets how the ring is made: layout, weights and zones. Only code can set it, except for <c>SpreadOverZones</c>. The default
    /// is <see cref="HashRingOptions.Default"/>. Processes that must agree need the same options.
    /// </summary>
    public HashRingOptions Ring { get; set; } = HashRingOptions.Default;

    /// <summary>
    /// Gets or sets the function that gives the identity of an endpoint, as for <c>ToTopology</c>. Only code can set it. The default is
    /// null: the host name, else the name of the pod, else the address.
    /// </summary>
    public Func<TopologyEndpoint, string>? MemberOf { get; set; }

    /// <summary>
    /// Gets or sets how long the start of the host waits for the first complete list. From zero, which does not wait, to one day. The
    /// default is 10 s.
    /// </summary>
    public TimeSpan FirstSyncTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets whether the start of the host fails if no complete list arrives within <see cref="FirstSyncTimeout"/>. The default is
    /// false: the host starts, the health check is unhealthy with the cause, and the watch goes on trying. Set it for a program without a
    /// readiness probe.
    /// </summary>
    public bool FailStart { get; set; }

    /// <summary>
    /// Gets or sets how long the snapshot may be stale before the health check is degraded. From zero to one day. The default is one
    /// minute.
    /// </summary>
    public TimeSpan StaleLimit { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets or sets the options of the watch. If <see cref="ResumeOptions.RefusalBackoff"/> is null, the host waits 2 s after the first
    /// refusal, doubled up to 2 minutes, with up to +50 % jitter. In configuration, the section <c>Resume</c> may set
    /// <c>WatchTimeout</c>, <c>SilenceTimeout</c>, <c>AuditInterval</c>, <c>MaxAuditedObjects</c> and <c>MaxRetryAfter</c>. The default
    /// is <see cref="ResumeOptions.Default"/>.
    /// </summary>
    public ResumeOptions Resume { get; set; } = ResumeOptions.Default;

    /// <summary>
    /// Gets or sets the limits on what the server sends. Only code can set them. The default is <see cref="WireLimits.Default"/>. Those on
    /// the configuration and on connections are on <see cref="KubeConnectionOptions.Limits"/>, which
    /// <see cref="KubeConnectionSettings.Configure"/> can set.
    /// </summary>
    public WireLimits Limits { get; set; } = WireLimits.Default;

    /// <summary>
    /// Gets or sets the limits on what the topology takes from the slices, and on the members that <see cref="HoldDepartures"/> holds. Only
    /// code can set them. The default is <see cref="Rx.Kube.TopologyLimits.Default"/>.
    /// </summary>
    public TopologyLimits TopologyLimits { get; set; } = TopologyLimits.Default;

    /// <summary>
    /// Gets or sets the clock of the watch and of the ring, on which subscribers are called. Only code can set it. The default is
    /// <see cref="DefaultScheduler"/>, the thread pool.
    /// </summary>
    public IScheduler Scheduler { get; set; } = DefaultScheduler.Instance;

    /// <summary>Gets what is wrong with the configuration section, for the validation.</summary>
    internal List<string> Faults { get; } = [];
}
