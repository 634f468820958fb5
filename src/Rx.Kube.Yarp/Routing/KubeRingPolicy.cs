using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Rx.Kube;

/// <summary>
/// With a key: the first of its replicas that is available and not draining, else the first that is available. Without a key: round robin
/// over the destinations for this pod's node and zone. The ring is the topology's current one, which all clients of the Service share.
/// </summary>
internal sealed class KubeRingPolicy(KubeTopologies topologies, KubePodOptions pod, RingConfigs configs) : ILoadBalancingPolicy
{
    private readonly ConditionalWeakTable<ClusterState, StrongBox<int>> _turns = [];
    private readonly Dictionary<string, IKubeTopology> _topologies =
        topologies.ToDictionary(topology => topology.Name, StringComparer.Ordinal);

    public string Name => KubeLoadBalancingPolicies.Ring;

    public DestinationState? PickDestination(
        HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations)
    {
        if (availableDestinations.Count == 0)
        {
            return null;
        }

        var index = DestinationIndex.Of(availableDestinations);
        if (index.Topology is null || !_topologies.TryGetValue(index.Topology, out var topology))
        {
            return Next(cluster, index.All);
        }

        var config = configs.Of(cluster.Model.Config);
        return config.Key?.Invoke(context) is { Length: > 0 } key && topology.CurrentRing.Value is { } ring
            ? Replica(key, ring, config.Replicas ?? ring.Replicas.ReplicationFactor, index, cluster, topology)
            : Next(cluster, index.Near(topology.Current.Value, pod));
    }

    private static DestinationState? Replica(
        string key, RingView view, int replicationFactor, DestinationIndex index, ClusterState cluster, IKubeTopology topology)
    {
        var ring = view.Ring;
        var hash = ring.Layout.HashOf(key);
        var count = Math.Min(replicationFactor, ring.Members.Length);
        var replicas = ArrayPool<RingMember>.Shared.Rent(Math.Max(count, 1));
        try
        {
            count = ring.GetReplicas(hash, replicas.AsSpan(0, count));
            if (First(replicas.AsSpan(0, count), index) is { } replica)
            {
                return replica;
            }

            if (!IsAhead(replicas.AsSpan(0, count), cluster, topology))
            {
                return null;
            }
        }
        finally
        {
            ArrayPool<RingMember>.Shared.Return(replicas, clearArray: true);
        }

        var all = new RingMember[ring.Members.Length];
        return First(all.AsSpan(0, ring.GetReplicas(hash, all)), index);
    }

    private static DestinationState? First(ReadOnlySpan<RingMember> replicas, DestinationIndex index)
    {
        DestinationState? last = null;
        foreach (var replica in replicas)
        {
            if (index.Find(replica.Name, out var isDraining) is { } destination)
            {
                if (!isDraining)
                {
                    return destination;
                }

                last ??= destination;
            }
        }

        return last;
    }

    // A member that is ready and no destination: YARP has not been told of it yet, or it has no such port. Its keys go on to the next
    // member, which had them before it joined.
    private static bool IsAhead(ReadOnlySpan<RingMember> replicas, ClusterState cluster, IKubeTopology topology)
    {
        var known = DestinationIndex.Of(cluster.DestinationsState.AllDestinations);
        foreach (var replica in replicas)
        {
            if (!known.Has(replica.Name) && topology.Current.Value?.EndpointsOf(replica.Name) is { } endpoints &&
                endpoints.Any(endpoint => endpoint.Ready))
            {
                return true;
            }
        }

        return false;
    }

    private DestinationState Next(ClusterState cluster, DestinationState[] destinations) =>
        destinations[(int)((uint)Interlocked.Increment(ref _turns.GetValue(cluster, static _ => new(-1)).Value) % (uint)destinations.Length)];
}
