using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// A complete snapshot of all Services of a namespace or of a cluster at one version. Immutable and thread-safe; successive snapshots share
/// unchanged parts. A Service is included if it has an EndpointSlice (or an Endpoints object), even one without endpoints.
/// </summary>
/// <remarks>
/// Equality is by content: the Services, compared as <see cref="ServiceTopology"/>s, which objects are skipped and why, and whether the
/// snapshot is syncing, live or stale. It does not include the version, the times, or the cause. The cost of a comparison is proportional
/// to the differences.
/// </remarks>
public sealed class ClusterTopology : ISnapshot, IEquatable<ClusterTopology>
{
    private readonly ServiceMap _services;
    private readonly TriggeredChange? _triggered;
    private readonly SkippedSet _skipped;

    internal ClusterTopology(
        string version, WatchPhase phase, ServiceMap services, SkippedSet skipped, TriggeredChange? triggered) =>
        (Version, Phase, _services, _skipped, _triggered) = (version, phase, services, skipped, triggered);

    /// <summary>Gets the resourceVersion of the server's state in this snapshot; empty while syncing. Opaque.</summary>
    public string Version { get; }

    /// <summary>Gets whether the snapshot is the current state of the server. There is one watch, so it applies to all Services.</summary>
    public Freshness Freshness => Phase.Freshness;

    /// <summary>Gets how the list that this snapshot stands on relates to the state before it; <see cref="Continuity.First"/> while there
    /// is no list yet.</summary>
    public Continuity Continuity => Phase.List?.Continuity ?? Continuity.First;

    /// <summary>
    /// Gets when the server was last heard: a handle whose age grows while the snapshot stays the same. It is no part of the equality.
    /// </summary>
    public WatchEvidence Evidence => Phase.List?.Evidence ?? WatchEvidence.None;

    /// <summary>Gets the objects that could not be decoded: the snapshot has their last good state, or nothing.</summary>
    public ImmutableArray<SkippedObject> Skipped => _skipped.Objects;

    /// <summary>Gets the number of Services.</summary>
    public int Count => _services.Count;

    /// <summary>Gets the names of the Services, ordered by namespace and name.</summary>
    public IEnumerable<ServiceName> Names => _services.InOrder().Select(s => s.Name);

    /// <summary>Gets the snapshots of the Services, in the order of <see cref="Names"/>; each is created when it is enumerated.</summary>
    public IEnumerable<ServiceTopology> Services => _services.InOrder().Select(s => Of(s.Name, s.Content));

    /// <summary>Gets what all Services share.</summary>
    internal WatchPhase Phase { get; }

    /// <summary>
    /// Gets the snapshot of a Service, as <c>ToTopology</c> emits it. For a Service that is not included the snapshot is empty, with the
    /// freshness of the others. O(log n).
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

    /// <summary>Gets whether a Service is included. O(log n).</summary>
    /// <param name="service">The Service.</param>
    /// <returns>True if it is.</returns>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    public bool Contains(ServiceName service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return _services.Find(service) is not null;
    }

    /// <summary>Finds the Services that changed since an earlier snapshot. The cost is proportional to the change.</summary>
    /// <param name="previous">The earlier snapshot; if it is null, every Service is added.</param>
    /// <returns>
    /// The difference; <see cref="ClusterDiff.Empty"/> when no Service changed. For the changes within a Service use
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

    /// <summary>Gets whether the Services and their endpoints are the same, regardless of version and freshness.</summary>
    /// <param name="other">Another snapshot.</param>
    /// <returns>True if they are.</returns>
    /// <exception cref="ArgumentNullException">The other snapshot is null.</exception>
    public bool SameServices(ClusterTopology other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Count == other.Count && StepsFrom(other).TrueForAll(s => s.IsSame);
    }

    /// <inheritdoc/>
    public bool Equals(ClusterTopology? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Freshness.GetType() == other.Freshness.GetType()
         && _skipped.SameReasons(other._skipped) && SameServices(other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClusterTopology);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, Freshness.GetType());

    /// <summary>
    /// Gets the Services that events were about since an earlier snapshot, in order, whether or not their content differs now.
    /// </summary>
    internal List<ServiceStep> StepsFrom(ClusterTopology? previous) => _services.StepsFrom(previous?._services ?? ServiceMap.Empty);

    private ServiceTopology Of(ServiceName name, ServiceContent content) =>
        new(
            name, Version, Phase, content, _skipped, newlySkipped: [],
            _triggered?.Service == name ? _triggered : null);
}

/// <summary>
/// The difference between two snapshots of all Services. Each list is ordered by namespace and name. Equality is by content.
/// </summary>
/// <param name="Added">The Services that are new.</param>
/// <param name="Removed">The Services that are gone: they have no EndpointSlice or Endpoints object left.</param>
/// <param name="Updated">The Services that remain and whose endpoints changed.</param>
public sealed record ClusterDiff(
    EquatableArray<ServiceName> Added, EquatableArray<ServiceName> Removed, EquatableArray<ServiceName> Updated)
{
    /// <summary>Gets the difference between two snapshots with the same Services.</summary>
    public static ClusterDiff Empty { get; } = new([], [], []);

    /// <summary>Gets whether nothing changed.</summary>
    public bool IsEmpty => Added.IsEmpty && Removed.IsEmpty && Updated.IsEmpty;
}
