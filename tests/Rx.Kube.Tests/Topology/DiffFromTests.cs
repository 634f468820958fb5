using Rx.Kube.Models;

using static Rx.Kube.Tests.Topology.Some;

namespace Rx.Kube.Tests.Topology;

public class DiffFromTests
{
    private static readonly EndpointSlice Two = Slice("a", Pod("p", "10.0.0.1"), Pod("q", "10.0.0.2"));

    private static string Show(TopologyDiff diff) => string.Join(' ',
        diff.Added.Select(c => $"+{c.Member}{(c.Inferred ? "?" : "")}")
            .Concat(diff.Removed.Select(c => $"-{c.Member}{(c.Inferred ? "?" : "")}"))
            .Concat(diff.Updated.Select(c => $"~{c.Member}{(c.Inferred ? "?" : "")}")));

    [Fact]
    public void FromNothing_EverybodyIsAdded_NotInferred()
    {
        var snapshots = Fold(Interrupted(), Listed("1", Two));
        Assert.Equal("+p +q", Show(snapshots[1].DiffFrom(null)));
        Assert.Equal("+p +q", Show(snapshots[1].DiffFrom(snapshots[0])));
    }

    [Fact]
    public void SameEndpoints_AreTheEmptyDiff()
    {
        var snapshots = Fold(Listed("1", Two), Interrupted(), Modified("3", Slice("a", [.. Two.Endpoints])));
        Assert.Same(TopologyDiff.Empty, snapshots[1].DiffFrom(snapshots[0]));
        Assert.Same(TopologyDiff.Empty, snapshots[2].DiffFrom(snapshots[0]));
    }

    [Fact]
    public void Events_GiveWhatWasSeen()
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
    public void DeletedInAGap_ExactlyOneRemoval_Inferred()
    {
        var snapshots = Fold(Listed("1", Two), Interrupted(), Listed("9", Slice("a", Pod("p", "10.0.0.1"))), Modified("10", Slice("a", Pod("p", "10.0.0.1"))));
        Assert.Equal(["", "-q?", ""], snapshots.Skip(1).Zip(snapshots, (now, before) => Show(now.DiffFrom(before))));
    }

    [Fact]
    public void AfterASubscriptionAnew_ChangesAreInferred()
    {
        var before = Last(Listed("1", Two));
        var anew = Last(Listed("9", Slice("a", Pod("p", "10.0.0.1"))));
        Assert.Equal("-q?", Show(anew.DiffFrom(before)));
    }

    [Fact]
    public void AnEndpointThatMovesToAnotherSlice_IsNoChange()
    {
        var snapshots = Fold(Listed("1", Two), Listed("2", Two with { Metadata = Meta("b", "cache") }));
        Assert.True(snapshots[1].DiffFrom(snapshots[0]).IsEmpty);
        Assert.Equal(snapshots[0], snapshots[1]);
        Assert.Equal("b", snapshots[1].Endpoints[0].Slice);
    }

    [Fact]
    public void OneOfTwoEndpointsOfAMemberGoes_TheMemberIsUpdated()
    {
        var six = Slice("b", Pod("p", "fd00::1")) with { AddressType = "IPv6" };
        var snapshots = Fold(Listed("1", Two, six), Deleted("2", six));
        var diff = snapshots[1].DiffFrom(snapshots[0]);
        Assert.Equal("~p", Show(diff));
        Assert.Equal((2, 1), (diff.Updated[0].Previous.Length, diff.Updated[0].Current.Length));
    }

    [Fact]
    public void AmongVeryManyMembers_ExactlyTheOneThatChanged_WithAllItsEndpoints()
    {
        // One endpoint for the first member, two for the others, so that members also fall across the inner borders of a snapshot.
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
    public void TwoServices_HaveNoDifference() =>
        Assert.Throws<ArgumentException>(() => Last(Listed("1", Two)).DiffFrom(
            Last(Listed("1", Two with { Metadata = Meta("a", "queue") }))));
}
