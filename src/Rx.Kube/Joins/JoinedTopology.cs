using System.Collections;
using System.Collections.Immutable;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// The endpoints of a Service, each with its Pod, its Node or both. The sides are snapshots of separate watches, which are never known to
/// be at the same version, so <see cref="Missing"/> tells where they do not match. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// The join is lazy: a snapshot costs nothing, and an endpoint is joined each time it is read. Equality is by content: the endpoints, their
/// partners, and whether the join is syncing, live or stale; not versions, times or causes. Therefore, <c>DistinctUntilChanged()</c> passes
/// only changes of this Service, although the source emits for every pod of the namespace.
/// </remarks>
public sealed class JoinedTopology : ISnapshot, IEquatable<JoinedTopology>
{
    private readonly IReadOnlyList<TopologyEndpoint> _endpoints;
    private readonly MissingPartners _missing;

    // One reference, so that it is read and written atomically.
    private ImmutableArray<MissingPartner> _computed;

    internal JoinedTopology(ServiceTopology topology, ResourceStore<Pod>? pods, ResourceStore<Node>? nodes, MissingPartners missing)
    {
        (Topology, Pods, Nodes, _endpoints, _missing) = (topology, pods, nodes, topology.Endpoints, missing);
        Freshness = topology.Freshness;
        Freshness = pods is null ? Freshness : Freshness.Worst(Freshness, pods.Freshness);
        Freshness = nodes is null ? Freshness : Freshness.Worst(Freshness, nodes.Freshness);
        Endpoints = new View(this);
    }

    /// <summary>Gets the Service's side.</summary>
    public ServiceTopology Topology { get; }

    /// <summary>Gets the pods' side; null when pods were not joined.</summary>
    public ResourceStore<Pod>? Pods { get; }

    /// <summary>Gets the nodes' side; null when nodes were not joined.</summary>
    public ResourceStore<Node>? Nodes { get; }

    /// <summary>
    /// Gets the worst freshness of all sides, with its cause; of two that are equally bad, the one that has lasted longer.
    /// </summary>
    public Freshness Freshness { get; }

    /// <summary>
    /// Gets all endpoints in the order of the topology, each with its partners. This is a view: reading an endpoint looks its partners up.
    /// </summary>
    public IReadOnlyList<JoinedEndpoint> Endpoints { get; }

    /// <summary>
    /// Gets the partners that endpoints refer to but the other side does not have, in the order of the endpoints. For a side that is still
    /// syncing, nothing counts as missing, because its content is not known yet. Computed on first use, from the last snapshot for which it
    /// was computed.
    /// </summary>
    public EquatableArray<MissingPartner> Missing => _computed.IsDefault ? _computed = _missing.Of(this) : _computed;

    /// <summary>
    /// Gets whether all sides are synced and every endpoint has the partners that it refers to, so that the sides match. A complete
    /// snapshot may be stale.
    /// </summary>
    public bool IsComplete => Freshness.IsSynced && Missing.IsEmpty;

    /// <inheritdoc/>
    public bool Equals(JoinedTopology? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Freshness.GetType() == other.Freshness.GetType() &&
         SameService(other) && Topology.SameEndpoints(other.Topology) && SamePartners(other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as JoinedTopology);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Topology.Namespace, Topology.Service, Endpoints.Count);

    /// <summary>The partners that an endpoint names and does not have.</summary>
    internal IEnumerable<MissingPartner> MissingOf(TopologyEndpoint endpoint)
    {
        if (PodOf(endpoint).Missing is { } pod)
        {
            yield return new(endpoint, "Pod", endpoint.Pod!, pod);
        }

        if (NodeOf(endpoint).Missing is { } node)
        {
            yield return new(endpoint, "Node", endpoint.Node!, node);
        }
    }

    /// <summary>The endpoints of a member. The endpoints of a pod are those of the member with its name.</summary>
    internal IEnumerable<TopologyEndpoint> EndpointsOf(string member)
    {
        var (low, high) = (0, _endpoints.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = string.CompareOrdinal(_endpoints[middle].Member, member) < 0 ? (middle + 1, high) : (low, middle);
        }

        for (; low < _endpoints.Count && _endpoints[low].Member == member; low++)
        {
            yield return _endpoints[low];
        }
    }

    /// <summary>The members whose partners or endpoints may differ from those in another snapshot; null for all.</summary>
    internal HashSet<string>? MembersToCheckSince(JoinedTopology other)
    {
        if (!SameSides(other) || !SameService(other) || Differing(Nodes, other.Nodes, @namespace: "").Count > 0)
        {
            return null;
        }

        var members = Differing(Pods, other.Pods, Topology.Namespace);
        var endpoints = Topology.DiffFrom(other.Topology);
        members.UnionWith(endpoints.Added.Concat(endpoints.Removed).Concat(endpoints.Updated).Select(c => c.Member));
        return members;
    }

    private bool SameService(JoinedTopology other) =>
        Topology.Namespace == other.Topology.Namespace && Topology.Service == other.Topology.Service;

    // Whether the same sides are joined, and the same of them are synced.
    private bool SameSides(JoinedTopology other) =>
        Pods?.Freshness.IsSynced == other.Pods?.Freshness.IsSynced && Nodes?.Freshness.IsSynced == other.Nodes?.Freshness.IsSynced;

    private (Pod? Pod, MissingReason? Missing) PodOf(TopologyEndpoint endpoint)
    {
        if (Pods is null || endpoint.Pod is null)
        {
            return default;
        }

        var isThere = Pods.TryGetValue(new ResourceKey(Topology.Namespace, endpoint.Pod), out var pod);
        return isThere && (endpoint.Uid is null || endpoint.Uid == pod!.Metadata.Uid) ? (pod, null)
            : Pods.Freshness.IsSynced ? (null, isThere ? MissingReason.UidMismatch : MissingReason.NotFound)
            : default;
    }

    private (Node? Node, MissingReason? Missing) NodeOf(TopologyEndpoint endpoint) =>
        Nodes is null || endpoint.Node is null ? default
        : Nodes.TryGetValue(new ResourceKey(endpoint.Node), out var node) ? (node, null)
        : Nodes.Freshness.IsSynced ? (null, MissingReason.NotFound)
        : default;

    private bool SamePartners(JoinedTopology other)
    {
        if (!SameSides(other))
        {
            return Endpoints.SequenceEqual(other.Endpoints) && Missing == other.Missing;
        }

        var nodes = Differing(Nodes, other.Nodes, @namespace: "");
        return Differing(Pods, other.Pods, Topology.Namespace).SelectMany(EndpointsOf).All(e => PodOf(e) == other.PodOf(e)) &&
               (nodes.Count == 0 || _endpoints.All(e => e.Node is null || !nodes.Contains(e.Node) || NodeOf(e) == other.NodeOf(e)));
    }

    // The names of the objects in which two snapshots differ.
    private static HashSet<string> Differing<T>(ResourceStore<T>? one, ResourceStore<T>? other, string @namespace) =>
        one is null || other is null
            ? []
            : [.. one.DifferencesFrom(other).Where(d => d.Key.Namespace == @namespace).Select(d => d.Key.Name)];

    private sealed class View(JoinedTopology joined) : IReadOnlyList<JoinedEndpoint>
    {
        public int Count => joined._endpoints.Count;

        public JoinedEndpoint this[int index] => Join(joined._endpoints[index]);

        public IEnumerator<JoinedEndpoint> GetEnumerator() => joined._endpoints.Select(Join).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private JoinedEndpoint Join(TopologyEndpoint endpoint) => new(endpoint, joined.PodOf(endpoint).Pod, joined.NodeOf(endpoint).Node);
    }
}
