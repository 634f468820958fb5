using System.Collections.Immutable;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// One Service, complete, at one version: all endpoints of all its slices. Immutable and safe on any thread.
/// </summary>
/// <remarks>
/// Equality is by content: the Service, its endpoints and whether they are all, and which of syncing, live or stale it is; not the version,
/// the times, or the cause. So <c>DistinctUntilChanged()</c> passes real changes and changes of freshness, and nothing else.
/// </remarks>
public sealed class ServiceTopology : IEquatable<ServiceTopology>
{
    private readonly EndpointTree _endpoints;
    private readonly object _membersSince;

    internal ServiceTopology(
        ServiceName? service, string version, WatchPhase phase, ServiceContent content, ImmutableArray<SkippedObject> skipped,
        DateTimeOffset? lastChangeTriggerTime)
    {
        (Namespace, Service) = (service?.Namespace ?? "", service?.Name ?? "");
        (Version, Freshness, List) = (version, phase.Freshness, phase.List);
        (_endpoints, _membersSince, IsTruncated) = content;
        (Skipped, LastChangeTriggerTime) = (skipped, lastChangeTriggerTime);
    }

    private ServiceTopology(ServiceTopology other, EndpointTree endpoints, object membersSince, DateTimeOffset? lastChangeTriggerTime)
    {
        (Namespace, Service) = (other.Namespace, other.Service);
        (Version, Freshness, _endpoints, _membersSince) = (other.Version, other.Freshness, endpoints, membersSince);
        (Skipped, List, LastChangeTriggerTime, IsTruncated) = (other.Skipped, other.List, lastChangeTriggerTime, other.IsTruncated);
    }

    /// <summary>The namespace of the Service.</summary>
    public string Namespace { get; }

    /// <summary>The name of the Service.</summary>
    public string Service { get; }

    /// <summary>The resourceVersion of the server's state that this is; empty while syncing. Opaque.</summary>
    public string Version { get; }

    /// <summary>Whether this is the server's state of now.</summary>
    public Freshness Freshness { get; }

    /// <summary>All endpoints, ready or not, ordered by member, address family, address and ports; each address and port once, those held aside.</summary>
    public EndpointList Endpoints => new(_endpoints, EndpointView.All);

    /// <summary>Objects that could not be decoded: for them this is the state before, or nothing.</summary>
    public ImmutableArray<SkippedObject> Skipped { get; }

    /// <summary>
    /// Whether the server left endpoints out: an <see cref="LegacyEndpoints"/> object holds at most 1,000 addresses. Never of EndpointSlices.
    /// </summary>
    public bool IsTruncated { get; }

    /// <summary>The endpoints as operators change them.</summary>
    internal EndpointTree Tree => _endpoints;

    /// <summary>The same object from one complete list to the next: a change across two lists was inferred, not seen.</summary>
    internal object? List { get; }

    /// <summary>
    /// When the change behind this snapshot was triggered, by the annotation <c>endpoints.kubernetes.io/last-change-trigger-time</c> of the
    /// slice that changed: the time from then until now is what the change took to get here. Null when the snapshot is not one such change: after
    /// a list, a deletion, an interruption, and when the slice has no annotation or that of the change before.
    /// </summary>
    public DateTimeOffset? LastChangeTriggerTime { get; }

    /// <summary>Who is there, whatever their health, address or place.</summary>
    public MemberSet Members => new(_endpoints, _membersSince);

    /// <summary>The ready endpoints.</summary>
    public EndpointList Ready => new(_endpoints, EndpointView.Ready);

    /// <summary>
    /// Where traffic may go: the ready endpoints, or, if there is none at all, those serving and terminating. Source: KEP-1669.
    /// </summary>
    public EndpointList Routable => new(_endpoints, Ready.IsEmpty ? EndpointView.Leaving : EndpointView.Ready);

    /// <summary>
    /// Where traffic of a client in this place should go: as <see cref="Routable"/>, but if hints apply, only those endpoints which are
    /// meant for the client. Hints count only if every ready endpoint has one and one of them is for the client, those for the
    /// node before those for the zone. O(n).
    /// </summary>
    /// <param name="node">The client's node; null when unknown.</param>
    /// <param name="zone">The client's zone; null when unknown.</param>
    /// <returns>The endpoints.</returns>
    /// <remarks>Source: kube-proxy's topology.go; KEP-2433, KEP-3015.</remarks>
    public EndpointList For(string? node, string? zone) => TrafficRules.For(this, node, zone);

    /// <summary>
    /// Where traffic may go that must stay on its node (<c>internalTrafficPolicy: Local</c>): the ready endpoints of the node, or, if it has none,
    /// those of the node that are serving and terminating. May be empty although others are routable. O(n).
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

    /// <summary>The distinct ports of all endpoints, ordered by name, number and protocol. A name may stand with several numbers.</summary>
    public ImmutableArray<EndpointPort> Ports => field.IsDefault ? field = PortsOf(Endpoints) : field;

    /// <summary>What changed since an earlier snapshot of the same Service, by member. At once when no endpoint did.</summary>
    /// <param name="previous">The earlier snapshot; null for none: then every member is added.</param>
    /// <returns>
    /// The difference; <see cref="TopologyDiff.Empty"/> when no endpoint changed. Its changes are inferred if a new list came in
    /// between, other than the first: then the changes were found by comparing, and happened some time since.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="previous"/> is of another Service.</exception>
    public TopologyDiff DiffFrom(ServiceTopology? previous)
    {
        if (previous is null)
        {
            return TopologyDiffer.Diff(EndpointTree.Empty, _endpoints, inferred: false);
        }

        // A snapshot from before the first slice does not know its Service yet.
        if (previous.Service.Length > 0 && Service.Length > 0 && (previous.Service != Service || previous.Namespace != Namespace))
        {
            throw new ArgumentException("The snapshots are of two Services: a difference is between two snapshots of one.", nameof(previous));
        }

        if (ReferenceEquals(_endpoints, previous._endpoints))
        {
            return TopologyDiff.Empty;
        }

        return TopologyDiffer.Diff(previous._endpoints, _endpoints, inferred: previous.List is not null && previous.List != List);
    }

    /// <summary>Whether the endpoints are the same, whatever version and freshness say.</summary>
    /// <param name="other">Another snapshot.</param>
    /// <returns>True if they are. O(1) when nothing changed, and otherwise in proportion to what did.</returns>
    /// <exception cref="ArgumentNullException">The other one is null.</exception>
    public bool SameEndpoints(ServiceTopology other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _endpoints.SameAs(other._endpoints);
    }

    /// <summary>The same snapshot with other endpoints.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="isItsChange">Whether they are what the change behind this snapshot gives, and not a later change.</param>
    internal ServiceTopology With(CurrentEndpoints endpoints, bool isItsChange = true) =>
        new(this, endpoints.Tree, endpoints.MembersSince, isItsChange ? LastChangeTriggerTime : null);

    /// <inheritdoc/>
    public bool Equals(ServiceTopology? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Service == other.Service && Namespace == other.Namespace &&
         Freshness.GetType() == other.Freshness.GetType() && IsTruncated == other.IsTruncated && SameEndpoints(other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ServiceTopology);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Namespace, Service, _endpoints.Count);

    /// <summary>The snapshot in short: <c>prod/cache: cache-0 10.0.0.1, cache-1 10.0.0.2 (not ready); live at 17</c>. From the network: escape before printing.</summary>
    /// <returns>The text; of many endpoints only the first.</returns>
    public override string ToString()
    {
        const int Most = 10;
        static string Text(TopologyEndpoint e) => $"{e.Member} {e.Address}{(e.IsHeld ? " (held)" : e.Terminating ? " (terminating)" : e.Ready ? "" : " (not ready)")}";
        var more = Endpoints.Count > Most ? $" and {Endpoints.Count - Most} more" : "";
        var version = Version.Length > 0 ? $" at {Version}" : "";
        return $"{Namespace}/{Service}: {(Endpoints.IsEmpty ? "nobody" : string.Join(", ", Endpoints.Take(Most).Select(Text)))}{more}; {Freshness}{version}";
    }

    private static ImmutableArray<EndpointPort> PortsOf(EndpointList endpoints)
    {
        var ports = new HashSet<EndpointPort>();
        var last = ImmutableArray<EndpointPort>.Empty;
        foreach (var endpoint in endpoints)
        {
            // The endpoints of a slice share one array.
            if (endpoint.Ports != last)
            {
                last = endpoint.Ports;
                ports.UnionWith(last);
            }
        }

        return [.. ports.Order(EndpointOrder.ByPort)];
    }
}
