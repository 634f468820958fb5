using System.Collections.Immutable;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>The pods of a Service, and the EndpointSlices and Endpoints that the controllers of a cluster write for them.</summary>
internal sealed class RandomPods(Random random)
{
    /// <summary>A pod. It has its own ports, because a named port can have another number in each pod.</summary>
    public sealed record Pod(int Number, string Address, string Uid, bool IsReady, bool IsTerminating, ImmutableArray<EndpointPort> Ports);

    private static readonly ImmutableArray<EndpointPort>[] _ports = [[Http], [new("http", 8081)], [Http, new("dns", 53, "UDP")], []];

    /// <summary>The pods after a few have changed, come or gone.</summary>
    public ImmutableArray<Pod> Next(ImmutableArray<Pod> pods)
    {
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var number = random.Next(12);
            pods = pods.RemoveAll(p => p.Number == number);
            if (random.Next(4) > 0)
            {
                pods = pods.Add(new(number, $"10.0.{random.Next(100)}.{number}", $"u{random.Next(3)}",
                    random.Next(3) > 0, random.Next(4) == 0, random.GetItems(_ports, 1)[0]));
            }
        }

        return pods;
    }

    /// <summary>The slices of the endpoint slice controller: each has one set of ports; terminating pods are included.</summary>
    public IEnumerable<EndpointSlice> Slices(ImmutableArray<Pod> pods) => Shuffled(pods).GroupBy(p => p.Ports).SelectMany((ports, i) =>
        ports.Chunk(random.Next(1, 4)).Select((chunk, j) => Slice($"cache-{i}-{j}", [.. chunk.Select(p => new Endpoint
        {
            Addresses = [p.Address],
            Ready = p.IsReady && !p.IsTerminating,
            Serving = p.IsReady,
            Terminating = p.IsTerminating,
            NodeName = $"n{p.Number % 3}",
            Hostname = p.Number % 2 == 0 ? $"h{p.Number}" : null,
            TargetRef = Target(p),
            Zone = "a",
        })]) with
        {
            Ports = ports.Key,
        }));

    /// <summary>The subsets of the endpoints controller: one per set of ports, without terminating pods.</summary>
    public IEnumerable<EndpointSubset> Subsets(ImmutableArray<Pod> pods) =>
        Shuffled(pods).Where(p => !p.IsTerminating).GroupBy(p => p.Ports).Select(ports => new EndpointSubset
        {
            Addresses = [.. ports.Where(p => p.IsReady).Select(Address)],
            NotReadyAddresses = [.. ports.Where(p => !p.IsReady).Select(Address)],
            Ports = ports.Key,
        });

    private static EndpointAddress Address(Pod p) =>
        new(p.Address, p.Number % 2 == 0 ? $"h{p.Number}" : null, $"n{p.Number % 3}", Target(p));

    private static TargetReference? Target(Pod p) => p.Number == 7 ? null : new("Pod", "prod", $"p{p.Number}", p.Uid);

    private Pod[] Shuffled(ImmutableArray<Pod> pods)
    {
        var all = pods.ToArray();
        random.Shuffle(all);
        return all;
    }
}
