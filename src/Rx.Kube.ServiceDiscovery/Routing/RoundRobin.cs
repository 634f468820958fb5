using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Rx.Kube;

/// <summary>The rounds of all topologies, for all clients of the process: handlers come and go.</summary>
internal sealed class RoundRobins
{
    private readonly ConcurrentDictionary<IKubeTopology, RoundRobin> _rounds = new();

    public RoundRobin Of(IKubeTopology topology) => _rounds.GetOrAdd(topology, _ => new());
}

/// <summary>The endpoints of a topology in turn. Thread-safe.</summary>
internal sealed class RoundRobin
{
    // Processes that start together do not all begin with the same endpoint.
    private uint _next = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);
    private Round? _round;

    /// <summary>Gets where a request begins: one endpoint after the request before it.</summary>
    public uint NextStart() => Interlocked.Increment(ref _next);

    /// <summary>Gets the endpoints of a snapshot; computed once for each.</summary>
    public Round In(ServiceTopology snapshot, KubePodOptions pod)
    {
        if (Volatile.Read(ref _round) is { } round && ReferenceEquals(round.Snapshot, snapshot))
        {
            return round;
        }

        TopologyEndpoint[] near = [.. OneFamily.Of(snapshot.For(pod.Node, pod.Zone))];
        TopologyEndpoint[] all = [.. OneFamily.Of(snapshot.Routable)];
        var far = near.Length == all.Length ? [] : all.Except(near).ToArray();
        round = new(snapshot, near, far);
        Volatile.Write(ref _round, round);
        return round;
    }
}

/// <summary>The endpoints of a snapshot that may be used: those near this pod, and those for when these have failed.</summary>
internal sealed record Round(ServiceTopology Snapshot, TopologyEndpoint[] Near, TopologyEndpoint[] Far)
{
    public int Count => Near.Length + Far.Length;

    /// <summary>Gets the endpoint of an attempt: each further one of a request has another endpoint until all had their turn.</summary>
    public TopologyEndpoint At(uint start, int attempt)
    {
        var place = attempt % Count;
        return place < Near.Length
            ? Near[(int)((start + (uint)place) % Near.Length)]
            : Far[(int)((start + (uint)(place - Near.Length)) % Far.Length)];
    }
}
