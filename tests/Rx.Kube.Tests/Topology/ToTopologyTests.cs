using System.Reactive.Linq;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.Some;

namespace Rx.Kube.Tests.Topology;

/// <summary>What each event gives.</summary>
public class ToTopologyTests
{
    private static readonly EndpointSlice One = Slice("s1", Pod("cache-0", "10.0.0.1"));

    [Fact]
    public void ASkippedDeletion_TakesTheSliceAway()
    {
        var last = Last(
            Listed("17", Slice("s1", Pod("a", "10.0.0.1"))), Skipped("18", "s1"),
            (WatchEvent<EndpointSlice>.Skipped)Skipped("19", "s1") with { IsDeletion = true });

        Assert.Empty(last.Endpoints);
        Assert.Empty(last.Skipped);
        Assert.Equal("19", last.Version);
    }

    [Fact]
    public void TheVersion_NeverGoesBack_ButWithANewList()
    {
        var snapshots = Fold(
            Listed("17", Slice("s1"), Slice("s2")), Deleted("9", Slice("s1")), Bookmark("8"), Modified("18", Slice("s2")), Listed("12", Slice("s2")));

        Assert.Equal(["17", "17", "18", "12"], snapshots.Select(s => s.Version));
    }

    [Fact]
    public void ToTopology_ArgumentChecking()
    {
        Assert.Throws<ArgumentNullException>(() => KubeObservable.ToTopology((IObservable<WatchEvent<EndpointSlice>>)null!));
        var source = Observable.Never<WatchEvent<EndpointSlice>>();
        Assert.Throws<ArgumentException>(() => source.ToTopology(new ServiceName("", "cache")));
        Assert.Throws<ArgumentException>(() => source.ToTopology(new ServiceName("prod", "")));
    }

    [Fact]
    public void ToTopology_PassesCompletionAndErrorsOn()
    {
        Assert.Empty(Observable.Empty<WatchEvent<EndpointSlice>>().ToTopology().ToEnumerable());
        var error = new TimeoutException();
        Assert.Same(error, Record.Exception(() => Observable.Throw<WatchEvent<EndpointSlice>>(error).ToTopology().Wait()));
    }

    [Fact]
    public void ToTopology_SubscriptionsShareNothing()
    {
        var topology = new[] { Listed("1", One), Added("2", Slice("s2", Pod("cache-1", "10.0.0.2"))) }.ToObservable().ToTopology();
        Assert.Equal([1, 2], topology.Select(t => t.Endpoints.Count).ToEnumerable());
        Assert.Equal([1, 2], topology.Select(t => t.Endpoints.Count).ToEnumerable());
    }

    [Fact]
    public void EmptyList_IsLiveAndEmpty_NotSyncing()
    {
        var snapshot = Last(Listed("7"));
        Assert.Empty(snapshot.Endpoints);
        Assert.True(snapshot.Freshness.IsLive);
        Assert.Equal("7", snapshot.Version);
        Assert.Equal("", snapshot.Service);
    }

    [Fact]
    public void EveryEventGivesOneSnapshot_BookmarkAndOpenedGiveNone_TheNextHasTheBookmarksVersion()
    {
        var snapshots = Fold(
            Listed("1", One), new WatchEvent<EndpointSlice>.Opened(), Modified("2", One), Bookmark("5"), Interrupted(), Resumed(),
            Deleted("6", One), Skipped("7", "s9"));
        Assert.Equal(["1", "2", "5", "5", "6", "7"], snapshots.Select(t => t.Version));
        Assert.Equal(["live", "live", "stale", "live", "live", "live"], snapshots.Select(t => t.Freshness.ToString()));
    }

    [Fact]
    public void Interrupted_KeepsTheEndpointsAndSaysWhy_UntilAList()
    {
        var snapshots = Fold(Listed("1", One), Interrupted(), Listed("9"));
        Assert.Equal(snapshots[0].Endpoints, snapshots[1].Endpoints);
        Assert.Equal(Interruption, Assert.IsType<Freshness.Stale>(snapshots[1].Freshness).Interruption);
        Assert.True(snapshots[2].Freshness.IsLive);
        Assert.Empty(snapshots[2].Endpoints);
    }

    [Fact]
    public void InterruptedBeforeTheFirstList_IsStillSyncing()
    {
        var snapshot = Last(Interrupted());
        Assert.Equal(Interruption, Assert.IsType<Freshness.Syncing>(snapshot.Freshness).Interruption);
        Assert.Equal("", snapshot.Version);
        Assert.True(Last(Interrupted(), Listed("1", One)).Freshness.IsLive);
    }

    [Fact]
    public void TheServiceIsThatOfTheFirstSlice_AndStaysWhenAllAreGone()
    {
        var snapshot = Last(Listed("1", One), Deleted("2", One));
        Assert.Equal(("prod", "cache"), (snapshot.Namespace, snapshot.Service));
        Assert.Empty(snapshot.Endpoints);
    }

    [Fact]
    public void SliceOfAnotherService_IsAnErrorThatNamesTheCure()
    {
        var other = Slice("s2", Pod("x", "10.0.0.9")) with { Metadata = Meta("s2", "queue") };
        var error = Assert.Throws<InvalidOperationException>(() => Last(Listed("1", One), Added("2", other)));
        Assert.Contains("Service prod/queue", error.Message, StringComparison.Ordinal);
        Assert.Contains("pass its name to ToTopology", error.Message, StringComparison.Ordinal);
        var elsewhere = One with { Metadata = Meta("s1", "cache", "test") };
        Assert.Throws<InvalidOperationException>(() => Last(Listed("1", One, elsewhere)));
        var nobodys = One with { Metadata = new ObjectMeta { Name = "s1" } };
        Assert.Throws<InvalidOperationException>(() => Last(Listed("1", nobodys)));
    }

    [Fact]
    public void WithTheServiceNamed_OtherSlicesArePassedOver_AndASliceThatLeavesIsRemoved()
    {
        var cache = new ServiceName("prod", "cache");
        var other = Slice("s2", Pod("x", "10.0.0.9")) with { Metadata = Meta("s2", "queue") };
        var left = One with { Metadata = Meta("s1", "queue") };
        var snapshots = Fold(cache, Listed("1", One, other), Added("2", other), Modified("3", left));
        Assert.Equal(["cache-0@10.0.0.1:8080", "cache-0@10.0.0.1:8080", ""], snapshots.Select(Show));
        Assert.All(snapshots, s => Assert.Equal("cache", s.Service));
    }

    [Fact]
    public void Skipped_KeepsTheLastGoodState_UntilAGoodEventOrTheDeletion()
    {
        var now = Slice("s1", Pod("cache-0", "10.0.0.7"));
        var snapshots = Fold(Listed("1", One), Skipped("2", "s1"), Skipped("3", "s8"), Modified("4", now), Deleted("5", Slice("s8")));
        Assert.Equal("cache-0@10.0.0.1:8080", Show(snapshots[1]));
        Assert.Equal([[], ["s1"], ["s1", "s8"], ["s8"], []], snapshots.Select(s => s.Skipped.Select(o => o.Name).ToArray()));
        Assert.Equal("cache-0@10.0.0.7:8080", Show(snapshots[3]));
    }

    [Fact]
    public void SkippedInAList_KeepsTheStateBeforeOfThatSliceOnly()
    {
        var two = Slice("s2", Pod("cache-1", "10.0.0.2"));
        var relist = new WatchEvent<EndpointSlice>.Listed([], "9") { SkippedItems = [new SkippedObject("prod", "s2", "8", "broken")] };
        var snapshots = Fold(Listed("1", One, two), Skipped("2", "s1"), relist, Listed("10", two));
        Assert.Equal("cache-1@10.0.0.2:8080", Show(snapshots[2]));
        Assert.Equal("s2", Assert.Single(snapshots[2].Skipped).Name);
        Assert.Empty(snapshots[3].Skipped);
    }

    [Fact]
    public void SkippedInAList_ThenDeleted_LeavesNothingBehind()
    {
        var relist = new WatchEvent<EndpointSlice>.Listed([], "9") { SkippedItems = [new SkippedObject("prod", "s1", "8", "broken")] };
        var snapshots = Fold(Listed("1", One), relist, Deleted("10", One));
        Assert.NotEmpty(snapshots[1].Endpoints);
        Assert.Empty(snapshots[2].Endpoints);
    }

    [Fact]
    public void ASliceTwiceInAList_CountsOnce_TheLastOne()
    {
        var later = One with { Endpoints = [Pod("later", "10.0.0.9")] };
        var snapshots = Fold(Listed("1", One, later), Deleted("2", One));
        Assert.Equal("later", Assert.Single(snapshots[0].Members));
        Assert.Empty(snapshots[1].Endpoints);
    }

    [Fact]
    public void BeforeTheFirstList_ThereIsNoVersion()
    {
        var first = Last(Added("5", One));
        Assert.False(first.Freshness.IsSynced);
        Assert.Equal("", first.Version);
    }

    [Fact]
    public void UnchangedContentIsEqual_AndUnchangedEndpointsAreTheSameObjects()
    {
        var two = Slice("s2", Pod("cache-1", "10.0.0.2"), Pod("cache-2", "10.0.0.3"));
        var changed = Slice("s2", Pod("cache-1", "10.0.0.2"), Pod("cache-2", "10.0.0.3") with { Ready = false });
        var snapshots = Fold(Listed("1", One, two), Modified("2", two), Listed("3", two, One), Modified("4", changed));
        Assert.True(snapshots[0].Endpoints.Equals(snapshots[2].Endpoints));
        Assert.Same(snapshots[0].Endpoints[0], snapshots[3].Endpoints[0]);
        Assert.Same(snapshots[0].Endpoints[1], snapshots[3].Endpoints[1]);
        Assert.NotEqual(snapshots[0].Endpoints[2], snapshots[3].Endpoints[2]);
        Assert.Equal(snapshots[0].Members, snapshots[3].Members);
        Assert.Equal(snapshots[0], snapshots[2]);
        Assert.NotEqual(snapshots[0], snapshots[3]);
    }

    [Fact]
    public void ToString_SaysWhoIsThere_AndHowFresh()
    {
        var many = Slice("s2", [.. Enumerable.Range(0, 12).Select(i => Pod($"p{i:d2}", $"10.0.1.{i}") with { Ready = i > 0, Terminating = i == 1 })]);
        Assert.Equal("prod/cache: cache-0 10.0.0.1; live at 1", Last(Listed("1", One)).ToString());
        Assert.Equal("/: nobody; syncing", Last(Interrupted()).ToString());
        var text = Last(Listed("1", many), Interrupted()).ToString();
        Assert.StartsWith("prod/cache: p00 10.0.1.0 (not ready), p01 10.0.1.1 (terminating), p02 10.0.1.2, ", text, StringComparison.Ordinal);
        Assert.EndsWith("p09 10.0.1.9 and 2 more; stale at 1", text, StringComparison.Ordinal);
    }
}
