using System.Collections.Immutable;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// A complete snapshot of one Service at one version: all endpoints of all its slices. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// Equality is by content: the Service, its endpoints, which objects are skipped and why, whether it has neither endpoints nor slices,
/// whether the server left endpoints out, and whether the snapshot is syncing, live or stale. It does not include the version, the times,
/// or the cause. Therefore, <c>DistinctUntilChanged()</c> passes only changes of content and of freshness.
/// </remarks>
public sealed class ServiceTopology : ISnapshot, IEquatable<ServiceTopology>
{
    private readonly ServiceName? _name;
    private readonly WatchPhase _phase;
    private readonly ServiceContent _content;
    private readonly SkippedSet _skipped;
    private readonly TriggeredChange? _triggered;

    internal ServiceTopology(
        ServiceName? service, string version, WatchPhase phase, ServiceContent content, SkippedSet skipped,
        ImmutableArray<SkippedObject> newlySkipped, TriggeredChange? triggered)
    {
        (_name, Version, _phase, _content) = (service, version, phase, content);
        (_skipped, NewlySkipped, _triggered) = (skipped, newlySkipped, triggered);
    }

    /// <summary>Gets the namespace of the Service.</summary>
    public string Namespace => _name?.Namespace ?? "";

    /// <summary>
    /// Gets the name of the Service: the one that was selected with <c>EndpointSlices(…, service)</c> or passed to <c>ToTopology</c>, from
    /// the first snapshot on; otherwise empty until the first slice arrives.
    /// </summary>
    public string Service => _name?.Name ?? "";

    /// <summary>Gets the resourceVersion of the server's state in this snapshot; empty while syncing. Opaque.</summary>
    public string Version { get; }

    /// <summary>Gets whether the snapshot is the current state of the server.</summary>
    public Freshness Freshness => _phase.Freshness;

    /// <summary>
    /// Gets all endpoints, ready or not, ordered by member, address family, address and ports. Each combination of address, port and
    /// protocol appears once; only held endpoints can repeat one.
    /// </summary>
    public EndpointList Endpoints => new(_content.Endpoints, EndpointView.All);

    /// <summary>Gets the objects that could not be decoded: the snapshot has their last good state, or nothing.</summary>
    public ImmutableArray<SkippedObject> Skipped => _skipped.Objects;

    /// <summary>
    /// Gets those of <see cref="Skipped"/> that the snapshot before this one, of the same stream, did not skip, or skipped for another
    /// reason: what to report once. A new version of an object that is skipped for the same reason is not among them. O(1).
    /// </summary>
    /// <remarks>
    /// It belongs to the event of this snapshot: who does not see each snapshot, as behind <c>ShareLatest</c> or <c>ObserveLatest</c>,
    /// compares <see cref="Skipped"/>. Always empty for a Service of a <see cref="ClusterTopology"/>.
    /// </remarks>
    public ImmutableArray<SkippedObject> NewlySkipped { get; }

    /// <summary>
    /// Gets whether the server left endpoints out: a <see cref="LegacyEndpoints"/> object holds at most 1,000 addresses. Always false for
    /// EndpointSlices.
    /// </summary>
    public bool IsTruncated => _content.IsTruncated;

    /// <summary>
    /// Gets how many EndpointSlices (or Endpoints objects) of the Service the server has. An object that was never decoded does not count.
    /// </summary>
    public int SliceCount => _content.Objects;

    /// <summary>
    /// Gets what this snapshot says about the presence of the Service: no slice, no endpoint, no ready endpoint, or ready.
    /// </summary>
    public ServicePresence Presence =>
        !Endpoints.IsEmpty ? Ready.IsEmpty ? ServicePresence.NoneReady : ServicePresence.Ready
        : !Freshness.IsSynced || (SliceCount == 0 && !_skipped.IsEmpty) ? ServicePresence.Unknown
        : SliceCount == 0 ? ServicePresence.NoSlices
        : ServicePresence.NoEndpoints;

    /// <summary>Gets how the list that this snapshot stands on relates to the state before it; <see cref="Continuity.First"/> while there
    /// is no list yet.</summary>
    public Continuity Continuity => List?.Continuity ?? Continuity.First;

    /// <summary>
    /// Gets when the server was last heard: a handle whose age grows while the snapshot stays the same. It is no part of the equality.
    /// </summary>
    public WatchEvidence Evidence => List?.Evidence ?? WatchEvidence.None;

    // Which objects were skipped is no content.
    private bool IsMissing => SliceCount == 0 && Endpoints.IsEmpty;

    /// <summary>Gets the tree of the endpoints, for operators.</summary>
    internal EndpointTree Tree => _content.Endpoints;

    /// <summary>Gets the same object from one complete list to the next: a change across two lists was inferred, not seen.</summary>
    internal ListMark? List => _phase.List;

    /// <summary>
    /// Gets when the change in this snapshot was triggered, according to the annotation
    /// <c>endpoints.kubernetes.io/last-change-trigger-time</c> of the slice that changed: the time since then is the latency of the change.
    /// Null when the snapshot does not result from such a change: after a list, a deletion or an interruption, and when the slice has no
    /// annotation or still has the annotation of the previous change.
    /// </summary>
    public DateTimeOffset? LastChangeTriggerTime => _triggered?.Time;

    /// <summary>Gets the members, regardless of health, address or location.</summary>
    public MemberSet Members => new(_content.Endpoints, _content.MembersSince);

    /// <summary>Gets the endpoints of a member, one for each address family or set of conditions. O(log n).</summary>
    /// <param name="member">The name of the member.</param>
    /// <returns>The endpoints in the order of <see cref="Endpoints"/>; none if there is no such member.</returns>
    /// <exception cref="ArgumentNullException">The member is null.</exception>
    public EquatableArray<TopologyEndpoint> EndpointsOf(string member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return _content.Endpoints.Of(member);
    }

    /// <summary>Gets the ready endpoints.</summary>
    public EndpointList Ready => new(_content.Endpoints, EndpointView.Ready);

    /// <summary>
    /// Gets the endpoints that may receive traffic: the ready ones or, if none is ready, those that are serving and terminating. Source:
    /// KEP-1669.
    /// </summary>
    public EndpointList Routable => new(_content.Endpoints, Ready.IsEmpty ? EndpointView.Leaving : EndpointView.Ready);

    /// <summary>
    /// Gets the endpoints that should receive the traffic of a client: those in <see cref="Routable"/> or, if hints apply, only those with
    /// a hint for the client. Hints for nodes apply only if every ready endpoint has such a hint and at least one of the hints is for the
    /// client's node; the same rule applies to hints for zones. Hints for the node take precedence over hints for the zone. O(n).
    /// </summary>
    /// <param name="node">The client's node; null when unknown.</param>
    /// <param name="zone">The client's zone; null when unknown.</param>
    /// <returns>The endpoints.</returns>
    /// <remarks>Source: kube-proxy's topology.go; KEP-2433, KEP-3015.</remarks>
    public EndpointList For(string? node, string? zone) => TrafficRules.For(this, node, zone);

    /// <summary>
    /// Gets the endpoints that may receive traffic that must stay on the client's node (<c>internalTrafficPolicy: Local</c>): the ready
    /// endpoints of the node or, if there are none, the endpoints of the node that are serving and terminating. The list can be empty while
    /// endpoints on other nodes are routable. O(n).
    /// </summary>
    /// <param name="node">The client's node.</param>
    /// <returns>The endpoints.</returns>
    /// <remarks>Source: kube-proxy's topology.go; KEP-2086, KEP-1669.</remarks>
    /// <exception cref="ArgumentNullException">The node is null.</exception>
    public EndpointList LocalTo(string node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return TrafficRules.LocalTo(this, node);
    }

    /// <summary>
    /// Gets the distinct ports of all endpoints, ordered by name, number and protocol. A name can occur with several numbers.
    /// </summary>
    public ImmutableArray<EndpointPort> Ports => field.IsDefault ? field = PortsOf(Endpoints) : field;

    /// <summary>Finds what changed since an earlier snapshot of the same Service, by member. O(1) when no endpoint changed.</summary>
    /// <param name="previous">The earlier snapshot; if it is null, every member is added.</param>
    /// <returns>
    /// The difference; <see cref="TopologyDiff.Empty"/> when no endpoint changed. Its changes are inferred if a new list, other than the
    /// first, arrived in between: such changes were found by comparison, and happened at an unknown time between the two snapshots.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="previous"/> is a snapshot of another Service.</exception>
    public TopologyDiff DiffFrom(ServiceTopology? previous)
    {
        if (previous is null)
        {
            return TopologyDiffer.Diff(EndpointTree.Empty, _content.Endpoints, inferred: false);
        }

        // A snapshot from before the first slice does not know its Service.
        if (previous.Service.Length > 0 && Service.Length > 0 && (previous.Service != Service || previous.Namespace != Namespace))
        {
            throw new ArgumentException(
                "The snapshots belong to two Services. To fix: compare snapshots of the same Service.", nameof(previous));
        }

        if (ReferenceEquals(_content.Endpoints, previous._content.Endpoints))
        {
            return TopologyDiff.Empty;
        }

        return TopologyDiffer.Diff(previous.Tree, Tree, inferred: previous.List is not null && previous.List != List);
    }

    /// <summary>Gets whether the endpoints are the same, regardless of version and freshness.</summary>
    /// <param name="other">Another snapshot.</param>
    /// <returns>True if they are. O(1) when nothing changed, otherwise in proportion to what changed.</returns>
    /// <exception cref="ArgumentNullException">The other snapshot is null.</exception>
    public bool SameEndpoints(ServiceTopology other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _content.Endpoints.SameAs(other._content.Endpoints);
    }

    /// <summary>Creates the same snapshot with other endpoints.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="isItsChange">Whether the endpoints result from the change in this snapshot, and not from a later one.</param>
    internal ServiceTopology With(CurrentEndpoints endpoints, bool isItsChange = true) =>
        new(
            _name, Version, _phase, _content with { Endpoints = endpoints.Tree, MembersSince = endpoints.MembersSince }, _skipped,
            isItsChange ? NewlySkipped : [], isItsChange ? _triggered : null);

    /// <inheritdoc/>
    public bool Equals(ServiceTopology? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Service == other.Service && Namespace == other.Namespace &&
         Freshness.GetType() == other.Freshness.GetType() && IsTruncated == other.IsTruncated &&
         IsMissing == other.IsMissing && _skipped.SameReasons(other._skipped) && SameEndpoints(other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ServiceTopology);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Namespace, Service, _content.Endpoints.Count);

    /// <summary>
    /// Gets a short description of the snapshot: <c>prod/cache: cache-0 10.0.0.1, cache-1 10.0.0.2 (not ready); live at 17</c>. Text from
    /// the network must be escaped before it is printed.
    /// </summary>
    /// <returns>The text; at most ten endpoints.</returns>
    public override string ToString()
    {
        const int Most = 10;
        static string Text(TopologyEndpoint e) =>
            $"{e.Member} {e.Address}{(e.IsHeld ? " (held)" : e.Terminating ? " (terminating)" : e.Ready ? "" : " (not ready)")}";
        var more = Endpoints.Count > Most ? $" and {Endpoints.Count - Most} more" : "";
        var version = Version.Length > 0 ? $" at {Version}" : "";
        var endpoints = Presence == ServicePresence.NoSlices ? "no slices"
            : Endpoints.IsEmpty ? "no endpoints"
            : string.Join(", ", Endpoints.Take(Most).Select(Text));
        return $"{Namespace}/{Service}: {endpoints}{more}; {Freshness}{version}";
    }

    private static ImmutableArray<EndpointPort> PortsOf(EndpointList endpoints)
    {
        var ports = new HashSet<EndpointPort>();
        var seen = new HashSet<PortSet>();
        foreach (var endpoint in endpoints)
        {
            if (seen.Add(new(endpoint.Ports)))
            {
                ports.UnionWith(endpoint.Ports);
            }
        }

        return [.. ports.Order(EndpointOrder.ByPort)];
    }
}
