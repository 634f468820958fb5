using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Rx.Kube;

/// <summary>The turns of all topologies, for all clients of the process: handlers come and go.</summary>
internal sealed class TopologyTurns(KubePodOptions pod)
{
    private readonly ConcurrentDictionary<IKubeTopology, OfTopology> _turns = new();

    public OfTopology Of(IKubeTopology topology) => _turns.GetOrAdd(topology, static (_, pod) => new(pod), pod);

    /// <summary>The endpoints of a topology, and whose turn it is. Thread-safe.</summary>
    internal sealed class OfTopology(KubePodOptions pod)
    {
        private TrafficOrder? _order;

        public TrafficTurns Turns { get; } = new((uint)RandomNumberGenerator.GetInt32(int.MaxValue));

        /// <summary>Gets the endpoints of a snapshot; computed once for each.</summary>
        public TrafficOrder In(ServiceTopology snapshot)
        {
            if (Volatile.Read(ref _order) is { } order && ReferenceEquals(order.Snapshot, snapshot))
            {
                return order;
            }

            order = TrafficOrder.Of(snapshot, pod.Node, pod.Zone);
            Volatile.Write(ref _order, order);
            return order;
        }
    }
}
