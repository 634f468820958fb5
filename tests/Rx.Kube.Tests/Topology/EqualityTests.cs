using System.Collections.Immutable;
using System.Reflection;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>Equality of endpoints, differences and snapshots, and what it costs.</summary>
public class EqualityTests
{
    private static readonly TopologyEndpoint _plain = new() { Member = "p", Addresses = ["10.0.0.1"], AddressType = "IPv4", Slice = "s" };

    private static readonly Dictionary<string, TopologyEndpoint> _others = new()
    {
        [nameof(TopologyEndpoint.Member)] = _plain with { Member = "P" },
        [nameof(TopologyEndpoint.Addresses)] = _plain with { Addresses = ["10.0.0.1", "10.0.0.2"] },
        [nameof(TopologyEndpoint.AddressType)] = _plain with { AddressType = "FQDN" },
        [nameof(TopologyEndpoint.Ports)] = _plain with { Ports = [Http] },
        [nameof(TopologyEndpoint.Ready)] = _plain with { Ready = false },
        [nameof(TopologyEndpoint.Serving)] = _plain with { Serving = false },
        [nameof(TopologyEndpoint.Terminating)] = _plain with { Terminating = true },
        [nameof(TopologyEndpoint.IsHeld)] = _plain with { IsHeld = true },
        [nameof(TopologyEndpoint.Zone)] = _plain with { Zone = "a" },
        [nameof(TopologyEndpoint.Node)] = _plain with { Node = "n" },
        [nameof(TopologyEndpoint.Hostname)] = _plain with { Hostname = "h" },
        [nameof(TopologyEndpoint.Pod)] = _plain with { Pod = "p" },
        [nameof(TopologyEndpoint.Uid)] = _plain with { Uid = "u" },
        [nameof(TopologyEndpoint.ForZones)] = _plain with { ForZones = ["a"] },
        [nameof(TopologyEndpoint.ForNodes)] = _plain with { ForNodes = ["n"] },
    };

    [Fact]
    public void Equality_of_an_endpoint_includes_every_property_except_its_slice()
    {
        var settable = typeof(TopologyEndpoint).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite).Select(p => p.Name);
        Assert.Equal(settable.Except([nameof(TopologyEndpoint.Slice)]).Order(), _others.Keys.Order());
        Assert.All(_others.Values, other => Assert.NotEqual(_plain, other));
        Assert.Equal(_plain, _plain with { Slice = "t" });
        Assert.Equal(_plain.GetHashCode(), (_plain with { Slice = "t" }).GetHashCode());
    }

    [Fact]
    public void The_order_of_claims_compares_every_property_that_a_claim_can_have()
    {
        var ofClaims = _others.Where(o => o.Key != nameof(TopologyEndpoint.IsHeld)).Select(o => o.Value)
            .Append(_plain with { Slice = "t" });

        Assert.All(ofClaims, other => Assert.NotEqual(0, ClaimOrder.BestFirst.Compare(_plain, other)));
    }

    [Fact]
    public void Diffs_of_equal_snapshots_are_equal_by_content()
    {
        TopologyDiff Diff(bool ready)
        {
            var snapshots = Fold(
                Listed("1", Slice("a", Pod("p", "10.0.0.1"), Pod("q", "10.0.0.2"))),
                Modified("2", Slice("a", Pod("p", "10.0.0.1") with { Ready = ready }, Pod("r", "10.0.0.3"))));
            return snapshots[1].DiffFrom(snapshots[0]);
        }

        Assert.Equal(Diff(ready: false), Diff(ready: false));
        Assert.Equal(Diff(ready: false).GetHashCode(), Diff(ready: false).GetHashCode());
        Assert.Equal(Diff(ready: false).Updated[0], Diff(ready: false).Updated[0]);
        Assert.NotEqual(Diff(ready: false), Diff(ready: true));
        Assert.NotEqual(Diff(ready: false).Updated[0], Diff(ready: false).Updated[0] with { Inferred = true });
        Assert.NotEqual(Diff(ready: false).Updated[0], Diff(ready: false).Updated[0] with { Current = [] });
        Assert.Equal(TopologyDiff.Empty, new TopologyDiff([], [], []));
    }

    [Fact]
    public void Diffs_of_equal_clusters_are_equal_by_content()
    {
        static ClusterDiff Of(params string[] added) => new([.. added.Select(name => new ServiceName("prod", name))], [], []);

        Assert.Equal(Of("cache", "web"), Of("cache", "web"));
        Assert.Equal(Of("cache").GetHashCode(), Of("cache").GetHashCode());
        Assert.NotEqual(Of("cache", "web"), Of("cache"));
        Assert.NotEqual(Of("cache"), Of("web"));
        Assert.Equal(ClusterDiff.Empty, Of());
    }

    [Fact]
    public void Services_with_the_same_name_in_two_namespaces_differ()
    {
        static ServiceTopology In(string @namespace) =>
            Last(Listed("1", Slice("a", Pod("p", "10.0.0.1")) with { Metadata = Meta("a", "cache", @namespace) }));

        Assert.NotEqual(In("prod"), In("test"));
        Assert.Throws<ArgumentException>(() => In("prod").DiffFrom(In("test")));
    }

    [Fact]
    public void Nodes_that_two_trees_share_are_not_visited()
    {
        TopologyEndpoint[] all = [.. Enumerable.Range(0, 200_000).Select(i => _plain with { Member = $"p{i:d6}" })];
        var (was, now) = (all[100_000], all[100_000] with { Ready = false });
        var before = EndpointTree.Of(all);
        var (same, different) = (before.Apply([was], [now]), EndpointTree.Of([.. all]).Apply([was], [now]));

        Assert.Single(before.Differences(same));
        Assert.Single(before.Differences(different));
        Assert.True(Fastest(() => before.Differences(same).Count()) * 20 < Fastest(() => before.Differences(different).Count()));
    }

    [Fact]
    public void Members_are_compared_in_constant_time_when_no_member_joined_or_left()
    {
        ImmutableArray<Endpoint> ready = [.. Enumerable.Range(0, 5000).Select(i => Pod($"p{i:d4}", $"10.0.{i / 250}.{i % 250}"))];
        var slice = Slice("a", [.. ready]);
        var snapshots = Fold(
            Listed("1", slice), Modified("2", slice with { Endpoints = [.. ready.Select(e => e with { Ready = false })] }));
        var (x, y) = (snapshots[0].Members, snapshots[1].Members);

        Assert.True(x.Equals(y));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var equal = x.Equals(y);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100);
        Assert.True(equal);
    }

    [Fact]
    public void Ready_endpoints_are_equal_by_content_whatever_the_other_endpoints()
    {
        var one = Last(Listed("1", Slice("a", Pod("p", "10.0.0.1"), Pod("q", "10.0.0.2") with { Ready = false })));
        var other = Last(Listed("1", Slice("a", Pod("p", "10.0.0.1"))));
        Assert.Equal(one.Ready, other.Ready);
        Assert.Equal(one.Ready, other.Endpoints);
        Assert.Equal(one.Ready.GetHashCode(), other.Endpoints.GetHashCode());
        Assert.NotEqual(one.Endpoints, other.Endpoints);
    }

    [Fact]
    public void Comparing_the_ready_endpoints_of_two_snapshots_costs_in_proportion_to_what_changed()
    {
        SliceEndpoints endpoints = [.. Enumerable.Range(0, 50_000).Select(i => Pod($"p{i:d5}", $"10.0.{i / 250}.{i % 250}"))];
        endpoints = endpoints.SetItem(777, endpoints[777] with { Ready = false });
        var slice = Slice("a", [.. endpoints]);
        var snapshots = Fold(
            Listed("1", slice),
            Modified("2", slice with { Endpoints = endpoints.SetItem(777, endpoints[777] with { Zone = "b" }) }),
            Modified("3", slice with { Endpoints = endpoints.SetItem(1, endpoints[1] with { Zone = "b" }) }));
        var unshared = Last(Listed("1", slice with { Endpoints = [.. endpoints.Select(e => e with { })] }));

        Assert.NotEqual(snapshots[0].Endpoints, snapshots[1].Endpoints);
        Assert.Equal(snapshots[0].Ready, snapshots[1].Ready);
        Assert.NotEqual(snapshots[0].Ready, snapshots[2].Ready);
        Assert.Equal(snapshots[0].Ready, unshared.Ready);
        var shared = Fastest(() => snapshots[0].Ready.Equals(snapshots[1].Ready) ? 1 : 0);
        Assert.True(shared * 10 < Fastest(() => snapshots[0].Ready.Equals(unshared.Ready) ? 1 : 0));
    }

    private static TimeSpan Fastest(Func<int> act) => Enumerable.Range(0, 5).Min(_ =>
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        act();
        return watch.Elapsed;
    });
}
