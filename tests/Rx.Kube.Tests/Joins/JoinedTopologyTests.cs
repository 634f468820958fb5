using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Joins.JoinTestData;

namespace Rx.Kube.Tests.Joins;

public class JoinedTopologyTests
{
    private static readonly ServiceTopology Two = TopologyOf(Listed(Slice(Endpoint(0, node: "n1"), Endpoint(1, node: "n2"))));
    private static readonly ResourceStore<Pod> TwoPods = Store(Listed(Pod(0), Pod(1)));
    private static readonly ResourceStore<Node> TwoNodes = Store(Listed(Node("n1", "a"), Node("n2", "b")));

    [Fact]
    public void Each_endpoint_has_its_pod_and_its_node()
    {
        var joined = Join(Two, TwoPods, TwoNodes);
        Assert.Equal("live: cache-0#u1@n1(u1r1,a) cache-1#u1@n2(u1r1,b)", Show(joined));
        Assert.Same(TwoPods[new ResourceKey("prod", "cache-1")], joined.Endpoints[1].Pod);
        Assert.Same(TwoNodes[new ResourceKey("n2")], joined.Endpoints[1].Node);
        Assert.Same(Two.Endpoints[1], joined.Endpoints[1].Endpoint);
    }

    [Fact]
    public void Missing_partners_have_a_reason_and_the_order_of_the_endpoints()
    {
        var joined = Join(Two, Store(Listed(Pod(0, "u2"), Pod(1, @namespace: "test"))), Store(Listed(Node("n2"))));
        Assert.Equal(
            "live!: cache-0#u1@n1(,) cache-1#u1@n2(,a) -Pod cache-0 UidMismatch -Node n1 NotFound -Pod cache-1 NotFound", Show(joined));
        Assert.Same(Two.Endpoints[0], joined.Missing[0].Endpoint);
    }

    [Fact]
    public void A_partner_that_an_endpoint_does_not_name_is_not_missing()
    {
        var withoutPod = TopologyOf(Listed(Slice(new Endpoint { Addresses = ["10.0.0.1"] })));
        Assert.Equal("live: 10.0.0.1#@(,)", Show(Join(withoutPod, Store(Listed<Pod>()), Store(Listed<Node>()))));
        Assert.Equal("live: cache-0#@(u7r1,)", Show(Join(TopologyOf(Listed(Slice(Endpoint(0, uid: null)))), Store(Listed(Pod(0, "u7"))))));
    }

    [Fact]
    public void A_syncing_side_misses_nothing_and_the_join_is_not_complete()
    {
        var joined = Join(Two, Store(Interrupted<Pod>(5)), Store(Listed(Node("n1"))));
        Assert.Equal("syncing!: cache-0#u1@n1(,a) cache-1#u1@n2(,) -Node n2 NotFound", Show(joined));
        Assert.Equal(Lost(5), Assert.IsType<Freshness.Syncing>(joined.Freshness).Interruption);
        Assert.False(Join(TopologyOf(Interrupted<EndpointSlice>()), TwoPods).IsComplete);
    }

    [Fact]
    public void Missing_partners_are_equal_by_content()
    {
        var missing = Join(Two, Store(Listed(Pod(1)))).Missing;
        Assert.True(missing.Equals(Join(Two, Store(Listed(Pod(1)))).Missing));
        Assert.False(missing.Equals(Join(Two, TwoPods).Missing));
        Assert.False(missing.Equals(Join(Two, Store(Listed(Pod(1), Pod(0, "u2")))).Missing));
    }

    [Theory]
    [InlineData("l", "l", "l", "live")]
    [InlineData("1", "l", "l", "stale 1")]
    [InlineData("l", "1", "l", "stale 1")]
    [InlineData("l", "l", "1", "stale 1")]
    [InlineData("3", "2", "1", "stale 1")]
    [InlineData("1", "2", "3", "stale 1")]
    [InlineData("2", "1", "3", "stale 1")]
    [InlineData("1", "s", "l", "syncing")]
    [InlineData("s", "1", "1", "syncing")]
    [InlineData("s", "S", "l", "syncing 9")]
    [InlineData("S", "s", "l", "syncing 9")]
    public void The_worst_side_decides_the_freshness_and_of_equally_bad_ones_the_older(
        string topology, string pods, string nodes, string expected)
    {
        var joined = Join(
            TopologyOf([.. Events<EndpointSlice>(topology)]), Store([.. Events<Pod>(pods)]), Store([.. Events<Node>(nodes)]));
        var cause = joined.Freshness switch { Freshness.Stale s => s.Interruption, Freshness.Syncing s => s.Interruption, _ => null };
        Assert.Equal(expected, $"{joined.Freshness} {cause?.Since.ToUnixTimeSeconds()}".Trim());

        static WatchEvent<T>[] Events<T>(string state) => state switch
        {
            "l" => [Listed<T>()],
            "s" => [Resumed<T>()],
            "S" => [Interrupted<T>(9)],
            _ => [Listed<T>(), Interrupted<T>(int.Parse(state, null))],
        };
    }

    [Fact]
    public void Equality_is_by_content()
    {
        var joined = Join(Two, TwoPods, TwoNodes);
        Same(joined, Join(Two, Store(Listed(Pod(1), Pod(0), Pod(7))), Store(Listed(Node("n2", "b"), Node("n1"), Node("n9")))));
        Same(joined, Join(Two, Store(Listed(Pod(0), Pod(1)), Modified(Pod(5)), Deleted(Pod(5))), TwoNodes));
        Other(joined, Join(Two, Store(Listed(Pod(0), Pod(1, revision: "r2"))), TwoNodes));
        Other(joined, Join(Two, TwoPods, Store(Listed(Node("n1", "c"), Node("n2", "b")))));
        Other(joined, Join(Two, TwoPods));
        Other(joined, Join(Two, null, TwoNodes));
        Other(joined, Join(Two, Store(Listed(Pod(0), Pod(1)), Interrupted<Pod>()), TwoNodes));
        Other(joined, Join(TopologyOf(Listed(Slice(Endpoint(0, node: "n1")))), TwoPods, TwoNodes));

        // Missing for another reason.
        Other(Join(Two, Store(Listed(Pod(0))), TwoNodes), Join(Two, Store(Listed(Pod(0), Pod(1, "u2"))), TwoNodes));

        // One of them knows that nodes are missing.
        var (unknown, none) = (Interrupted<Node>(), Listed<Node>());
        Other(Join(Two, Store(Interrupted<Pod>()), Store(unknown)), Join(Two, Store(Interrupted<Pod>()), Store(none)));
        Assert.False(joined.Equals(null));

        static void Same(JoinedTopology x, JoinedTopology y)
        {
            Assert.True(x.Equals(y) && y.Equals((object)x));
            Assert.Equal(x.GetHashCode(), y.GetHashCode());
        }

        static void Other(JoinedTopology x, JoinedTopology y) => Assert.False(x.Equals(y) || y.Equals(x));
    }

    [Fact]
    public void The_zone_is_that_of_the_endpoint_otherwise_that_of_its_node()
    {
        var own = TopologyOf(Listed(Slice(Endpoint(0, node: "n1") with { Zone = "z" }, Endpoint(1, node: "n2"), Endpoint(2))));
        Assert.Equal(["z", "b", null], Join(own, null, TwoNodes).Endpoints.Select(e => e.Zone));
    }

    [Theory]
    [InlineData("prod", "other")]
    [InlineData("test", "cache")]
    public void A_source_that_switches_to_another_service_is_joined_from_scratch(string @namespace, string service)
    {
        var slice = Slice(Endpoint(0), Endpoint(1)) with { Metadata = Topology.TopologyTestData.Meta("s", service, @namespace) };
        var another = Topology.TopologyTestData.Fold(new ServiceName(@namespace, service), Listed(slice))[^1];
        var pods = Store(Listed(Pod(0), Pod(1, @namespace: "test")));
        var seen = new List<string>();
        using var topologies = new Subject<ServiceTopology>();
        using var subscription = topologies.WithPods(Observable.Return(pods))
            .Subscribe(j => seen.Add(string.Join(' ', j.Missing.Select(m => m.Name))));
        topologies.OnNext(Two);
        topologies.OnNext(another);
        Assert.Equal(["cache-1", @namespace == "prod" ? "cache-1" : "cache-0"], seen);
    }

    [Fact]
    public void Missing_partners_are_computed_from_what_changed()
    {
        var all = Enumerable.Range(0, 5000).Select(i => Endpoint(i) with { Addresses = [$"10.0.{i / 250}.{i % 250}"] }).ToArray();
        var changed = Slice([.. all[..77], all[77] with { Ready = false }, .. all[78..]]);
        var topologies = Topology.TopologyTestData.Fold(Cache, Listed(Slice(all)), Modified(changed));
        var pods = Store(Listed(Enumerable.Range(0, 5000).Select(i => Pod(i)).ToArray()));
        using var source = new Subject<ServiceTopology>();
        var joined = new List<JoinedTopology>();
        using var subscription = source.WithPods(Observable.Return(pods)).Subscribe(joined.Add);
        source.OnNext(topologies[0]);
        source.OnNext(topologies[1]);
        Assert.Empty(joined[0].Missing);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Empty(joined[1].Missing);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 20_000);
    }
}
