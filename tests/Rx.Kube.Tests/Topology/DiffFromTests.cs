using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>The difference between two snapshots of a Service.</summary>
public class DiffFromTests
{
    private static readonly EndpointSlice Two = Slice("a", Pod("p", "10.0.0.1"), Pod("q", "10.0.0.2"));

    private static string Show(TopologyDiff diff) => string.Join(' ',
        diff.Added.Select(c => $"+{c.Member}{(c.Inferred ? "?" : "")}")
            .Concat(diff.Removed.Select(c => $"-{c.Member}{(c.Inferred ? "?" : "")}"))
            .Concat(diff.Updated.Select(c => $"~{c.Member}{(c.Inferred ? "?" : "")}")));

    [Fact]
    public void From_no_snapshot_every_member_is_added_and_not_inferred()
    {
        var snapshots = Fold(Interrupted(), Listed("1", Two));
        Assert.Equal("+p +q", Show(snapshots[1].DiffFrom(null)));
        Assert.Equal("+p +q", Show(snapshots[1].DiffFrom(snapshots[0])));
    }

    [Fact]
    public void Equal_endpoints_give_the_empty_diff()
    {
        var snapshots = Fold(Listed("1", Two), Interrupted(), Modified("3", Slice("a", [.. Two.Endpoints])));
        Assert.Same(TopologyDiff.Empty, snapshots[1].DiffFrom(snapshots[0]));
        Assert.Same(TopologyDiff.Empty, snapshots[2].DiffFrom(snapshots[0]));
    }

    [Fact]
    public void Changes_seen_as_events_are_not_inferred()
    {
        var changed = Slice("a", Pod("p", "10.0.0.1") with { Ready = false }, Pod("r", "10.0.0.3"));
        var snapshots = Fold(Listed("1", Two), Modified("2", changed));
        var diff = snapshots[1].DiffFrom(snapshots[0]);
        Assert.Equal("+r -q ~p", Show(diff));
        Assert.True(diff.Updated[0].Previous[0].Ready);
        Assert.False(diff.Updated[0].Current[0].Ready);
        Assert.Empty(diff.Added[0].Previous);
        Assert.Empty(diff.Removed[0].Current);
    }

    [Fact]
    public void A_deletion_in_a_gap_is_exactly_one_inferred_removal()
    {
        var left = Slice("a", Pod("p", "10.0.0.1"));
        var snapshots = Fold(Listed("1", Two), Interrupted(), Listed("9", left), Modified("10", left));
        Assert.Equal(["", "-q?", ""], snapshots.Skip(1).Zip(snapshots, (now, before) => Show(now.DiffFrom(before))));
    }

    [Fact]
    public void Changes_across_two_subscriptions_are_inferred()
    {
        var before = Last(Listed("1", Two));
        var later = Last(Listed("9", Slice("a", Pod("p", "10.0.0.1"))));
        Assert.Equal("-q?", Show(later.DiffFrom(before)));
    }

    [Fact]
    public void An_endpoint_that_moves_to_another_slice_is_no_change()
    {
        var snapshots = Fold(Listed("1", Two), Listed("2", Two with { Metadata = Meta("b", "cache") }));
        Assert.True(snapshots[1].DiffFrom(snapshots[0]).IsEmpty);
        Assert.Equal(snapshots[0], snapshots[1]);
        Assert.Equal("b", snapshots[1].Endpoints[0].Slice);
    }

    [Fact]
    public void When_one_of_two_endpoints_of_a_member_goes_the_member_is_updated()
    {
        var six = Slice("b", Pod("p", "fd00::1")) with { AddressType = "IPv6" };
        var snapshots = Fold(Listed("1", Two, six), Deleted("2", six));
        var diff = snapshots[1].DiffFrom(snapshots[0]);
        Assert.Equal("~p", Show(diff));
        Assert.Equal((2, 1), (diff.Updated[0].Previous.Length, diff.Updated[0].Current.Length));
    }

    [Fact]
    public void Among_many_members_the_diff_has_exactly_the_changed_one_with_all_its_endpoints()
    {
        // The first member has one endpoint and the others two, so that members are also split between nodes of the tree.
        var four = Slice("a", [.. Enumerable.Range(0, 500).Select(i => Pod($"p{i:d3}", $"10.0.{i >> 8}.{i & 255}"))]);
        var six = Slice("b", [.. Enumerable.Range(1, 499).Select(i => Pod($"p{i:d3}", $"fd00::{i:x}"))]) with { AddressType = "IPv6" };
        using var source = new System.Reactive.Subjects.Subject<Rx.Kube.WatchEvent<EndpointSlice>>();
        ServiceTopology? last = null;
        using var subscription = source.ToTopology().Subscribe(t => last = t);
        source.OnNext(Listed("1", four, six));
        for (var i = 0; i < 998; i++)
        {
            var before = last!;
            var slice = i % 2 == 0 ? four : six;
            var changed = slice with { Endpoints = slice.Endpoints.SetItem(i / 2, slice.Endpoints[i / 2] with { Ready = false }) };
            (four, six) = i % 2 == 0 ? (changed, six) : (four, changed);
            source.OnNext(Modified("2", changed));
            var diff = last!.DiffFrom(before);
            var member = $"p{(i / 2) + (i % 2):d3}";
            Assert.Equal($"~{member}", Show(diff));
            Assert.Equal(before.Endpoints.Where(e => e.Member == member), diff.Updated[0].Previous);
            Assert.Equal(last.Endpoints.Where(e => e.Member == member), diff.Updated[0].Current);
            Assert.False(last.SameEndpoints(before));
        }
    }

    [Fact]
    public void Snapshots_of_two_Services_cannot_be_compared() =>
        Assert.Throws<ArgumentException>(() => Last(Listed("1", Two)).DiffFrom(
            Last(Listed("1", Two with { Metadata = Meta("a", "queue") }))));
}
