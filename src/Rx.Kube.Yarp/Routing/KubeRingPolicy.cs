using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Rx.Kube;

/// <summary>
/// With a key: the first of its replicas that is available and not draining, else the first that is available. Without a key: the
/// destinations for this pod's node and zone in turn, else those that are not draining, else all. The ring is the topology's current one,
/// which all clients of the Service share.
/// </summary>
internal sealed class KubeRingPolicy(
    KubeTopologies topologies, IOptionsMonitor<KubeTopologyOptions> options, KubePodOptions pod, RingConfigs configs) : ILoadBalancingPolicy
{
    private readonly ConditionalWeakTable<ClusterState, TrafficTurns> _turns = [];
    private readonly Dictionary<string, IKubeTopology> _topologies =
        topologies.ToDictionary(topology => topology.Name, StringComparer.Ordinal);

    public string Name => KubeLoadBalancingPolicies.Ring;

    public DestinationState? PickDestination(
        HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations) =>
        PickUntried(context, cluster, availableDestinations, []);

    /// <summary>Picks one of the destinations that a request has not tried.</summary>
    public DestinationState? PickUntried(
        HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations,
        IReadOnlyCollection<DestinationState> tried)
    {
        if (availableDestinations.Count == 0)
        {
            return null;
        }

        var index = DestinationIndex.Of(availableDestinations);
        if (index.Topology is null || !_topologies.TryGetValue(index.Topology, out var topology))
        {
            return Next(cluster, index.All, tried);
        }

        var config = configs.Of(cluster.Model.Config);
        return config.Key?.Invoke(context) is { Length: > 0 } key && topology.CurrentRing.Value is { } ring
            ? Replica(key, ring, config.Replicas ?? ring.Replicas.ReplicationFactor, index, context, topology, tried)
            : Next(cluster, index.Near(topology.Current.Value, pod), tried) ?? Next(cluster, index.Staying, tried)
                ?? Next(cluster, index.All, tried);
    }

    private DestinationState? Replica(
        string key, RingView view, int replicationFactor, DestinationIndex index, HttpContext context, IKubeTopology topology,
        IReadOnlyCollection<DestinationState> tried)
    {
        var ring = view.Ring;
        var hash = ring.Layout.HashOf(key);
        var count = Math.Min(replicationFactor, ring.Members.Length);
        var replicas = ArrayPool<RingMember>.Shared.Rent(Math.Max(count, 1));
        try
        {
            count = ring.GetReplicas(hash, replicas.AsSpan(0, count));
            if (First(replicas.AsSpan(0, count), index, tried) is { } replica)
            {
                return replica;
            }

            if (!IsOutOfStep(replicas.AsSpan(0, count), context, topology))
            {
                return null;
            }
        }
        finally
        {
            ArrayPool<RingMember>.Shared.Return(replicas, clearArray: true);
        }

        var all = new RingMember[ring.Members.Length];
        return First(all.AsSpan(0, ring.GetReplicas(hash, all)), index, tried);
    }

    private static DestinationState? First(
        ReadOnlySpan<RingMember> replicas, DestinationIndex index, IReadOnlyCollection<DestinationState> tried)
    {
        DestinationState? last = null;
        foreach (var replica in replicas)
        {
            if (index.Find(replica.Name, out var isDraining) is { } destination && !tried.Contains(destination))
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

    // The ring, the snapshot and the destinations do not change at one time. A member that is ready and was no destination when the request
    // began: YARP has not been told of it yet, or it has no such port. A member that is on the ring, though it has left and is not held:
    // the ring is about to follow. In both cases, the key goes on to the next member, which has had it or will have it.
    private bool IsOutOfStep(ReadOnlySpan<RingMember> replicas, HttpContext context, IKubeTopology topology)
    {
        if (topology.Current.Value is not { } snapshot)
        {
            return false;
        }

        var known = DestinationIndex.Of(context.GetReverseProxyFeature().AllDestinations);
        foreach (var replica in replicas)
        {
            var endpoints = snapshot.EndpointsOf(replica.Name);
            if (endpoints.IsEmpty
                ? options.Get(topology.Name).HoldDepartures == TimeSpan.Zero
                : !known.Has(replica.Name) && endpoints.Any(endpoint => endpoint.Ready))
            {
                return true;
            }
        }

        return false;
    }

    private DestinationState? Next(ClusterState cluster, DestinationState[] destinations, IReadOnlyCollection<DestinationState> tried) =>
        _turns.GetValue(cluster, static _ => new((uint)RandomNumberGenerator.GetInt32(int.MaxValue)))
            .Next(destinations, tried, static (destination, tried) => !tried.Contains(destination), tried.Count);
}
