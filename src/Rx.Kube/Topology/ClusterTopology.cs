using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// All Services of a namespace or of a cluster, complete, at one version. Immutable and safe on any thread; successive snapshots share
/// what did not change. A Service is there if it has a slice, be it without endpoints.
/// </summary>
/// <remarks>
/// Equality is by content: the Services, as their <see cref="ServiceTopology"/> are equal, and which of syncing, live or stale it is; not
/// the version, the times, or the cause. It costs in proportion to what is different.
/// </remarks>
public sealed class ClusterTopology : IEquatable<ClusterTopology>
{
    private readonly ServiceMap _services;
    private readonly TriggeredChange? _triggered;

    internal ClusterTopology(
        string version, WatchPhase phase, ServiceMap services, ImmutableArray<SkippedObject> skipped, TriggeredChange? triggered) =>
        (Version, Phase, _services, Skipped, _triggered) = (version, phase, services, skipped, triggered);

    /// <summary>The resourceVersion of the server's state that this is; empty while syncing. Opaque.</summary>
    public string Version { get; }

    /// <summary>Whether this is the server's state of now. There is one watch, so it counts for all Services.</summary>
    public Freshness Freshness => Phase.Freshness;

    /// <summary>Objects that could not be decoded: for them this is the state before, or nothing.</summary>
    public ImmutableArray<SkippedObject> Skipped { get; }

    /// <summary>How many Services there are.</summary>
    public int Count => _services.Count;

    /// <summary>The names of the Services, ordered by namespace and name.</summary>
    public IEnumerable<ServiceName> Names => _services.InOrder().Select(s => s.Name);

    /// <summary>The snapshots of the Services, in the same order; each is made when it is asked for.</summary>
    public IEnumerable<ServiceTopology> Services => _services.InOrder().Select(s => Of(s.Name, s.Content));

    /// <summary>What all Services have in common.</summary>
    internal WatchPhase Phase { get; }

    /// <summary>
    /// The snapshot of a Service, as <c>ToTopology</c> gives it; of one that is not there an empty one, as fresh as the others. O(log n).
    /// </summary>
    /// <param name="service">The Service.</param>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    public ServiceTopology this[ServiceName service]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(service);
            return Of(service, _services.Find(service) ?? ServiceContent.None);
        }
    }

    /// <summary>Whether a Service is there. O(log n).</summary>
    /// <param name="service">The Service.</param>
    /// <returns>True if it is.</returns>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    public bool Contains(ServiceName service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return _services.Find(service) is not null;
    }

    /// <summary>Which Services changed since an earlier snapshot. It costs in proportion to what changed.</summary>
    /// <param name="previous">The earlier snapshot; null for none: then every Service is added.</param>
    /// <returns>
    /// The difference; <see cref="ClusterDiff.Empty"/> when no Service changed. What changed of one of them:
    /// <c>next[service].DiffFrom(previous[service])</c>.
    /// </returns>
    public ClusterDiff DiffFrom(ClusterTopology? previous)
    {
        List<ServiceName> added = [], removed = [], updated = [];
        foreach (var step in StepsFrom(previous))
        {
            if (!step.IsSame)
            {
                (step.Before is null ? added : step.Now is null ? removed : updated).Add(step.Name);
            }
        }

        return added.Count + removed.Count + updated.Count == 0 ? ClusterDiff.Empty : new([.. added], [.. removed], [.. updated]);
    }

    /// <summary>Whether the Services and their endpoints are the same, whatever version and freshness say.</summary>
    /// <param name="other">Another snapshot.</param>
    /// <returns>True if they are.</returns>
    /// <exception cref="ArgumentNullException">The other one is null.</exception>
    public bool SameServices(ClusterTopology other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Count == other.Count && StepsFrom(other).TrueForAll(s => s.IsSame);
    }

    /// <inheritdoc/>
    public bool Equals(ClusterTopology? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Freshness.GetType() == other.Freshness.GetType() && SameServices(other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClusterTopology);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, Freshness.GetType());

    /// <summary>The Services events were about since an earlier snapshot, in order, whether or not they are different now.</summary>
    internal List<ServiceStep> StepsFrom(ClusterTopology? previous) => _services.StepsFrom(previous?._services ?? ServiceMap.Empty);

    private ServiceTopology Of(ServiceName name, ServiceContent content) =>
        new(name, Version, Phase, content, Skipped, _triggered is { } change && change.Service == name ? change.Time : null);
}

/// <summary>Which Services changed between two snapshots. Each list is ordered by namespace and name.</summary>
/// <param name="Added">Services that are new.</param>
/// <param name="Removed">Services that are gone: they have no slice any more.</param>
/// <param name="Updated">Services that stayed and whose endpoints changed.</param>
public sealed record ClusterDiff(ImmutableArray<ServiceName> Added, ImmutableArray<ServiceName> Removed, ImmutableArray<ServiceName> Updated)
{
    /// <summary>Nothing changed.</summary>
    public static ClusterDiff Empty { get; } = new([], [], []);

    /// <summary>Whether nothing changed.</summary>
    public bool IsEmpty => Added.IsEmpty && Removed.IsEmpty && Updated.IsEmpty;
}
