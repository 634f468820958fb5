using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Tests.Docs;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>One address in very many slices, and very many ports: what it costs, and which claims count.</summary>
[Collection(ProcessWide.Collection)]
public class ContestedAddressTests
{
    private const string Address = "10.0.0.1";

    [Theory]
    [InlineData(null, -1)]
    [InlineData(null, 0)]
    [InlineData(null, 1)]
    [InlineData(2, -1)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(200, -1)]
    [InlineData(200, 0)]
    [InlineData(200, 1)]
    public void The_sets_of_ports_that_count_at_an_address_are_limited_to_the_best_ones(int? option, int beyond)
    {
        var limits = option is { } sets ? new TopologyLimits { MaxPortSets = sets } : null;
        var most = option ?? TopologyLimits.Default.MaxPortSets;
        var slices = Enumerable.Range(0, most + beyond)
            .Select(i => Slice($"s{i}", Pod($"p{i:0000}", Address)) with { Ports = [new("", i + 1)] }).ToArray();

        var claimed = LastWithin(limits, Listed("1", slices));
        var reversed = LastWithin(limits, [Listed("1"), .. slices.Reverse().Select(s => Added("2", s))]);

        Assert.Equal(Math.Min(slices.Length, most), claimed.Endpoints.Count);
        Assert.Equal("p0000", claimed.Endpoints[0].Member);
        Assert.True(claimed.SameEndpoints(reversed));

        // What is beyond the limit counts as soon as another one is gone.
        var left = LastWithin(limits, Listed("1", slices), Deleted("2", slices[0]));
        Assert.Equal(Math.Min(slices.Length - 1, most), left.Endpoints.Count);
    }

    [Theory]
    [InlineData(null, -1)]
    [InlineData(null, 0)]
    [InlineData(null, 1)]
    [InlineData(3, -1)]
    [InlineData(3, 0)]
    [InlineData(3, 1)]
    [InlineData(20_000, -1)]
    [InlineData(20_000, 0)]
    [InlineData(20_000, 1)]
    public void The_ports_of_a_claim_that_are_shared_out_one_by_one_are_limited(int? option, int beyond)
    {
        var limits = option is { } ports ? new TopologyLimits { MaxPortsApart = ports } : null;
        var most = option ?? TopologyLimits.Default.MaxPortsApart;
        var many = Slice("many", Pod("b", Address)) with { Ports = Ports(most + beyond) };
        var best = Slice("best", Pod("a", Address)) with { Ports = [new("", 1)] };
        var worst = Slice("worst", Pod("c", Address)) with { Ports = [new("", 60_000)] };

        var behind = LastWithin(limits, Listed("1", many, best));
        var ahead = LastWithin(limits, Listed("1", worst, many));

        Assert.Equal(
            beyond > 0 ? [("a", 1)] : [("a", 1), ("b", many.Ports.Length - 1)],
            behind.Endpoints.Select(e => (e.Member, e.Ports.Length)));
        Assert.Equal(
            beyond > 0 ? [("b", many.Ports.Length)] : [("b", many.Ports.Length), ("c", 1)],
            ahead.Endpoints.Select(e => (e.Member, e.Ports.Length)));
    }

    [Fact]
    public void The_winner_stays_the_same_object_when_its_slice_is_written_again_with_a_second_claim_before_it()
    {
        var claims = new[] { Pod("a", Address), Pod("b", Address) };
        var winner = Last(Listed("1", Slice("s", claims))).Endpoints.Single().Member;
        var (wins, loses) = (claims.Single(c => c.TargetRef!.Name == winner), claims.Single(c => c.TargetRef!.Name != winner));

        // What is equal at the end of both lists would keep its claim.
        var another = Pod("z", "10.0.0.9");
        var snapshots = Fold(null, [
            Listed("1", Slice("s", wins)), Modified("2", Slice("s", loses, wins, another)), Modified("3", Slice("s", wins)),
        ]);

        Assert.All(snapshots, s => Assert.Same(snapshots[0].Endpoints[0], s.Endpoints[0]));
        Assert.Empty(snapshots[1].DiffFrom(snapshots[0]).Updated);
    }

    [Fact]
    public void The_same_many_ports_in_two_slices_all_count()
    {
        var ports = Ports(20_000);
        var (one, other) = (Slice("one", Pod("a", Address)), Slice("other", Pod("a", Address)));

        var endpoint = Assert.Single(Last(Listed("1", one with { Ports = ports }, other with { Ports = Ports(20_000) })).Endpoints);

        Assert.Equal(20_000, endpoint.Ports.Length);
    }

    [Fact]
    public void The_endpoints_of_a_slice_share_one_array_of_ports_also_where_addresses_are_contested()
    {
        var pods = Enumerable.Range(0, 1_000).Select(i => Pod($"p{i:000}", $"10.0.{i / 250}.{i % 250}")).ToArray();
        EndpointSlice[] slices = [.. Enumerable.Range(0, 3).Select(i => Slice($"s{i}", pods) with { Ports = Ports(20_000 + i) })];
        var before = GC.GetAllocatedBytesForCurrentThread();

        var topology = Last(Listed("1", slices));

        // 20,000 ports for each of 1,000 endpoints would be 160 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1_000, 20_000_000);
        Assert.Equal(1_000, topology.Endpoints.Count);
        Assert.All(topology.Endpoints, e => Assert.True(e.Ports.AsSpan() == topology.Endpoints[0].Ports.AsSpan()));
        Assert.InRange(topology.Ports.Length, 20_000, 20_002);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_event_costs_nearly_the_same_however_many_slices_claim_its_address(bool samePorts)
    {
        var (few, many) = (CostOfAnEvent(500, samePorts), CostOfAnEvent(20_000, samePorts));

        // A look at all claims would cost 40 times as much.
        Assert.InRange(many / (double)few, 0.2, 3);
    }

    [Fact]
    public void A_change_of_many_ports_is_compared_once_and_not_for_each_endpoint()
    {
        var pods = Enumerable.Range(0, 1_000).Select(i => Pod($"p{i:000}", $"10.0.{i / 250}.{i % 250}")).ToArray();
        var events = Enumerable.Range(0, 20).Select(i => Modified($"{i + 2}", Slice("s", pods) with
        {
            Ports = [.. Ports(20_000).AsSpan()[..^1], new("", 60_000 + i)],
        })).ToList();
        var watch = Stopwatch.StartNew();

        var snapshots = Fold(null, [Listed("1", Slice("s", pods)), .. events]);
        for (var i = 1; i < snapshots.Length; i++)
        {
            Assert.Equal(1_000, snapshots[i].DiffFrom(snapshots[i - 1]).Updated.Length);
            Assert.False(snapshots[i].SameEndpoints(snapshots[i - 1]));
        }

        // Three comparisons of 20,000 ports for each of 1,000 endpoints and 20 events are 1.2 billion: 10 s and more.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Equal_sets_of_ports_are_equal_and_have_the_same_hash_and_order_whatever_their_size()
    {
        foreach (var size in (int[])[0, 1, 16, 17, 5_000])
        {
            var (one, same, longer) = (new PortSet(Ports(size)), new PortSet(Ports(size)), new PortSet(Ports(size + 1)));
            var other = size == 0 ? longer : new PortSet([.. one.Items.AsSpan()[..^1], new("", 60_000)]);
            for (var again = 0; again < 2; again++)
            {
                Assert.Equal(one, same);
                Assert.Equal(same, one);
                Assert.Equal(one.GetHashCode(), same.GetHashCode());
                Assert.NotEqual(one, other);
                Assert.NotEqual(one, longer);
                Assert.Equal(0, PortSet.Compare(one.Items, same.Items));
                Assert.InRange(PortSet.Compare(one.Items, other.Items), int.MinValue, -1);
                Assert.InRange(PortSet.Compare(other.Items, one.Items), 1, int.MaxValue);
                Assert.InRange(PortSet.Compare(one.Items, longer.Items), int.MinValue, -1);
            }
        }
    }

    [Fact]
    public void The_endpoints_are_those_that_a_look_at_all_claims_gives()
    {
        var random = new Random(1);
        for (var run = 0; run < 500; run++)
        {
            var slices = Enumerable.Range(0, random.Next(1, 9)).Select(i => RandomSlice($"s{i}", random)).ToArray();

            var expected = Expected([.. slices.SelectMany(s => s.Endpoints.Select(e =>
                EndpointClaim.Of(e, new(s.Metadata.Name, s.AddressType, new(EndpointClaim.PortsOf(s.Ports))))!))]);

            var folded = Last([Listed("1", Slice("s0", Pod("gone", Address))), .. slices.Select(s => Modified("2", s))]);
            Assert.Equal(expected, folded.Endpoints.Select(e => e.ToString()).Order(StringComparer.Ordinal));
        }
    }

    private static ServiceTopology LastWithin(TopologyLimits? limits, params WatchEvent<EndpointSlice>[] events) =>
        events.ToObservable().ToTopology(limits: limits).Wait();

    private static EndpointSlice RandomSlice(string name, Random random) => Slice(name) with
    {
        Endpoints = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new Endpoint
        {
            Addresses = [Address],
            Ready = random.Next(2) == 0,
            Hostname = random.Next(3) == 0 ? $"h{random.Next(2)}" : null,
            TargetRef = random.Next(2) == 0 ? new("Pod", "prod", $"p{random.Next(3)}", $"u{random.Next(2)}") : null,
        })],
        Ports = [.. Enumerable.Range(0, random.Next(4)).Select(_ => new EndpointPort("", random.Next(1, 4)))],
    };

    // Every claim in order wins the ports that no better one has.
    private static IEnumerable<string> Expected(TopologyEndpoint[] claims)
    {
        var bestFirst = claims.Order(ClaimOrder.BestFirst).ToList();
        var taken = new HashSet<(int?, string)>();
        var winners = new List<(TopologyEndpoint Best, List<EndpointPort> Ports)>();
        foreach (var claim in bestFirst)
        {
            var best = bestFirst[0];
            var isNameless = best.Pod is not null && claim.Pod is null && claim.Hostname is null;
            if (isNameless && claim.Ports.IsEmpty)
            {
                continue;
            }

            var won = claim.Ports.Where(p => taken.Add((p.Port, p.Protocol))).ToList();
            if (won.Count == 0 && !(claim.Ports.IsEmpty && taken.Add((null, ""))))
            {
                continue;
            }

            var named = isNameless
                ? best with { Ports = claim.Ports, Ready = claim.Ready, Serving = claim.Serving, Slice = claim.Slice }
                : claim;
            var winner = winners.Find(w => (w.Best.Member, w.Best.Ready, w.Best.Serving, w.Best.Terminating)
                == (named.Member, named.Ready, named.Serving, named.Terminating));
            if (winner.Best is null)
            {
                winners.Add(winner = (named, []));
            }

            winner.Ports.AddRange(won);
        }

        return winners.Select(w => (w.Best with { Ports = [.. w.Ports.Order(EndpointOrder.ByPort)] }).ToString())
            .Order(StringComparer.Ordinal);
    }

    /// <summary>The bytes that are allocated for an event of a slice, when so many slices claim its address.</summary>
    private static long CostOfAnEvent(int slices, bool samePorts)
    {
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        using var subscription = source.ToTopology().Subscribe();
        EndpointSlice Claim(int i, bool ready) => Slice(i.ToString(CultureInfo.InvariantCulture)) with
        {
            Endpoints = [Pod($"p{i}", Address) with { Ready = ready }],
            Ports = [samePorts ? Http : new("", i + 1)],
        };

        source.OnNext(Listed("1", [.. Enumerable.Range(0, slices).Select(i => Claim(i, ready: true))]));
        var events = Enumerable.Range(0, 100).Select(i => Modified("2", Claim(i, ready: i % 2 == 0))).ToList();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var next in events)
        {
            source.OnNext(next);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / events.Count;
    }

    private static EquatableArray<EndpointPort> Ports(int count) =>
        ImmutableArray.CreateRange(Enumerable.Range(1, count).Select(i => new EndpointPort("", i)));
}
