using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>Which member an address belongs to when several slices contain it, and how another identity is chosen.</summary>
public sealed class MemberIdentityTests
{
    [Theory]
    [InlineData(true, false, false, 8080, "cache-1@10.0.0.1:8080")]
    [InlineData(false, false, false, 8080, "cache-1@10.0.0.1:8080-")]
    [InlineData(false, true, true, 8080, "cache-1@10.0.0.1:8080-!")]
    [InlineData(true, true, false, 9090, "cache-1@10.0.0.1:8080,9090")]
    [InlineData(false, false, false, 9090, "cache-1@10.0.0.1:8080- cache-1@10.0.0.1:9090")]
    [InlineData(true, false, false, null, "cache-1@10.0.0.1:8080")]
    public void Rule03_A_claim_without_a_pod_neither_renames_nor_adds_a_member_in_any_order(
        bool ready, bool serving, bool terminating, int? port, string expected)
    {
        var own = Slice("cache-x", Pod("cache-1", "10.0.0.1") with { Ready = ready, Serving = serving, Terminating = terminating });
        var mirror = Slice("a-mirror", new Endpoint { Addresses = ["10.0.0.1"] }) with
        {
            Ports = port is null ? [] : [new EndpointPort("http", port)],
        };
        foreach (var last in InEveryOrder(own, mirror))
        {
            Assert.Equal(["cache-1"], last.Members);
            Assert.Equal(expected, Show(last));
        }
    }

    [Fact]
    public void Rule03_Between_claims_with_equal_conditions_the_one_that_says_more_wins_pod_then_uid_then_node_then_zone()
    {
        Endpoint Claim(string? pod, string? uid, string? node, string? zone) => new()
        {
            Addresses = ["10.0.0.1"],
            TargetRef = pod is null && uid is null ? null : new TargetReference(pod is null ? "Node" : "Pod", "prod", pod ?? "", uid ?? ""),
            NodeName = node,
            Zone = zone,
            Hostname = "a",
        };

        // Each of these loses against all after it, although its names come first.
        Endpoint[] poorestFirst =
        [
            Claim(null, null, null, null), Claim(null, null, null, "a"), Claim(null, null, "a", null), Claim(null, null, "b", "a"),
            Claim(null, "a", null, null), Claim(null, "b", null, "a"), Claim(null, "c", "a", "a"),
            Claim("q", null, null, null), Claim("r", null, null, "z"), Claim("s", null, "z", null), Claim("t", null, "z", "z"),
            Claim("u", "z", null, null), Claim("v", "z", null, "z"), Claim("w", "z", "z", null), Claim("x", "z", "z", "z"),
        ];
        for (var winner = 1; winner < poorestFirst.Length; winner++)
        {
            for (var loser = 0; loser < winner; loser++)
            {
                foreach (var last in InEveryOrder(Slice("b", poorestFirst[winner]), Slice("a", poorestFirst[loser])))
                {
                    var endpoint = Assert.Single(last.Endpoints);
                    Assert.Equal(("b", poorestFirst[winner].Zone), (endpoint.Slice, endpoint.Zone));
                }
            }
        }
    }

    [Theory]
    [InlineData("ready serving", "serving")]
    [InlineData("serving", "serving terminating")]
    [InlineData("", "serving terminating")]
    [InlineData("serving", "")]
    public void Rule03_Between_claims_with_a_pod_the_better_conditions_win_before_uid_node_and_zone(string better, string worse)
    {
        static Endpoint With(Endpoint endpoint, string conditions) => endpoint with
        {
            Ready = conditions.Contains("ready", StringComparison.Ordinal),
            Serving = conditions.Contains("serving", StringComparison.Ordinal),
            Terminating = conditions.Contains("terminating", StringComparison.Ordinal),
        };
        var poor = With(Pod("cache-0", "10.0.0.1", uid: ""), better);
        var rich = With(Pod("cache-0", "10.0.0.1", uid: "u1") with { NodeName = "n", Zone = "z" }, worse);
        foreach (var last in InEveryOrder(Slice("b", poor), Slice("a", rich)))
        {
            var endpoint = Assert.Single(last.Endpoints);
            Assert.Equal(
                ("b", null, null, null, poor.Ready, poor.Serving, poor.Terminating),
                (endpoint.Slice, endpoint.Uid, endpoint.Node, endpoint.Zone,
                    (bool?)endpoint.Ready, (bool?)endpoint.Serving, (bool?)endpoint.Terminating));
        }
    }

    [Fact]
    public void Rule03_Two_pods_at_one_address_stay_two_members_and_the_better_one_gets_what_a_mirror_adds()
    {
        var (web, agent) = (Slice("a", Pod("web", "10.0.0.1")), Slice("b", Pod("agent", "10.0.0.1")) with { Ports = [new("agent", 9100)] });
        var mirror = Slice("c", new Endpoint { Addresses = ["10.0.0.1"] }) with { Ports = [new("http", 8080), new("metrics", 9200)] };
        Assert.All(InEveryOrder(web, agent, mirror), last =>
            Assert.Equal("agent@10.0.0.1:9100,9200 web@10.0.0.1:8080", Show(last)));
    }

    [Fact]
    public void Rule13_The_identity_of_a_member_can_be_chosen_and_everything_follows_it()
    {
        // Slices of two clusters, each with a cache-0, in one Service.
        var (west, east) = (Slice("west-a", Pod("cache-0", "10.0.0.1", "u1")), Slice("east-a", Pod("cache-0", "10.1.0.1", "u2")));
        var events = new[] { Listed("1", west, east), Deleted("2", west) }.ToObservable();
        static string OfCluster(TopologyEndpoint e) => $"{e.Slice.Split('-')[0]}/{e.Member}";
        var snapshots = events.ToTopology(memberOf: OfCluster).ToList().Wait();
        Assert.Equal(["east/cache-0", "west/cache-0"], snapshots[0].Members);
        Assert.Equal([("cache-0", "u1")], snapshots[0].EndpointsOf("west/cache-0").Select(e => (e.Pod!, e.Uid!)));
        Assert.Equal("west/cache-0", Assert.Single(snapshots[1].DiffFrom(snapshots[0]).Removed).Member);
        Assert.Equal(["east/cache-0 west/cache-0", "east/cache-0"], Rings(snapshots.ToObservable()));
        Assert.Equal(
            ["east/cache-0 west/cache-0"], Rings(snapshots.ToObservable().HoldDepartures(TimeSpan.FromMinutes(1), new VirtualClock())));

        Assert.Equal(["cache-0"], Fold(Listed("1", west, east))[0].Members);
        var legacy = new LegacyEndpoints
        {
            Metadata = Meta("cache", "none"),
            Subsets = [new() { Addresses = [new("10.0.0.1")], NotReadyAddresses = [new("10.0.0.2")], Ports = [Http] }],
        };
        var old = Observable.Return<WatchEvent<LegacyEndpoints>>(new WatchEvent<LegacyEndpoints>.Listed([legacy], "1"));
        Assert.Equal(["m-10.0.0.1", "m-10.0.0.2"], old.ToTopology(memberOf: e => $"m-{e.Member}").Wait().Members);
        Assert.Equal(["m"], old.ToClusterTopology(_ => "m").Wait()[new ServiceName("prod", "cache")].Members);
        Assert.Equal(snapshots[0], events.ToClusterTopology(OfCluster).FirstAsync().Wait()[new ServiceName("prod", "cache")]);

        static IEnumerable<string> Rings(IObservable<ServiceTopology> source) =>
            source.ToHashRing().Select(ring => string.Join(' ', ring.Members)).ToEnumerable();
    }

    [Fact]
    public void Rule13_A_chosen_identity_may_join_endpoints_and_must_not_be_empty()
    {
        var events = Observable.Return(Listed("1", Slice("a", Pod("p", "10.0.0.1") with { NodeName = "n" }),
            Slice("b", Pod("q", "10.0.0.1") with { NodeName = "n" }) with { Ports = [new("admin", 9090)] }));
        Assert.Equal("n@10.0.0.1:9090,8080", Show(events.ToTopology(memberOf: e => e.Node!).Wait()));
        foreach (var nothing in new[] { null, "" })
        {
            var error = Assert.Throws<ArgumentException>(() => events.ToTopology(memberOf: _ => nothing!).Wait());
            Assert.Contains("member at 10.0.0.1 in a is null or empty. To fix:", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>The last snapshot for each order of the slices, in a list, one after another, and with deletions in between.</summary>
    private static IEnumerable<ServiceTopology> InEveryOrder(params EndpointSlice[] slices)
    {
        foreach (var order in Orders(slices))
        {
            yield return Last(Listed("1", order));
            yield return Last([Listed("1"), .. order.Select((slice, i) => Added($"{i + 2}", slice))]);
            yield return Last([Listed("1", order), Deleted("2", order[0]), Modified("3", order[^1]), Added("4", order[0])]);
        }
    }

    private static IEnumerable<T[]> Orders<T>(T[] items) => items.Length == 0
        ? [[]]
        : items.SelectMany((first, i) => Orders<T>([.. items[..i], .. items[(i + 1)..]]), (first, rest) => (T[])[first, .. rest]);
}
