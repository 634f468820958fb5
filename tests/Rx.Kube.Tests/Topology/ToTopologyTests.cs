using System.Reactive.Linq;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>The snapshot that each event gives.</summary>
public class ToTopologyTests
{
    private static readonly EndpointSlice One = Slice("s1", Pod("cache-0", "10.0.0.1"));

    [Fact]
    public void A_skipped_deletion_removes_the_slice()
    {
        var last = Last(
            Listed("17", Slice("s1", Pod("a", "10.0.0.1"))), Skipped("18", "s1"),
            (WatchEvent<EndpointSlice>.Skipped)Skipped("19", "s1") with { IsDeletion = true });

        Assert.Empty(last.Endpoints);
        Assert.Empty(last.Skipped);
        Assert.Equal("19", last.Version);
    }

    [Fact]
    public void Only_a_new_list_can_lower_the_version()
    {
        var snapshots = Fold(
            Listed("17", Slice("s1"), Slice("s2")), Deleted("9", Slice("s1")), Bookmark("8"), Modified("18", Slice("s2")),
            Listed("12", Slice("s2")));

        Assert.Equal(["17", "17", "18", "12"], snapshots.Select(s => s.Version));
    }

    [Fact]
    public void ToTopology_checks_its_arguments()
    {
        Assert.Throws<ArgumentNullException>(() => KubeObservable.ToTopology((IObservable<WatchEvent<EndpointSlice>>)null!));
        var source = Observable.Never<WatchEvent<EndpointSlice>>();
        Assert.Throws<ArgumentException>(() => source.ToTopology(new ServiceName("", "cache")));
        Assert.Throws<ArgumentException>(() => source.ToTopology(new ServiceName("prod", "")));
    }

    [Fact]
    public void ToTopology_passes_completion_and_errors_on()
    {
        Assert.Empty(Observable.Empty<WatchEvent<EndpointSlice>>().ToTopology().ToEnumerable());
        var error = new TimeoutException();
        Assert.Same(error, Record.Exception(() => Observable.Throw<WatchEvent<EndpointSlice>>(error).ToTopology().Wait()));
    }

    [Fact]
    public void Subscriptions_to_ToTopology_share_nothing()
    {
        var topology = new[] { Listed("1", One), Added("2", Slice("s2", Pod("cache-1", "10.0.0.2"))) }.ToObservable().ToTopology();
        Assert.Equal([1, 2], topology.Select(t => t.Endpoints.Count).ToEnumerable());
        Assert.Equal([1, 2], topology.Select(t => t.Endpoints.Count).ToEnumerable());
    }

    [Fact]
    public void An_empty_list_is_live_and_empty_not_syncing()
    {
        var snapshot = Last(Listed("7"));
        Assert.Empty(snapshot.Endpoints);
        Assert.True(snapshot.Freshness.IsLive);
        Assert.Equal("7", snapshot.Version);
        Assert.Equal("", snapshot.Service);
    }

    [Fact]
    public void Every_event_gives_one_snapshot_except_Opened_and_bookmarks_whose_version_the_next_snapshot_has()
    {
        var snapshots = Fold(
            Listed("1", One), new WatchEvent<EndpointSlice>.Opened(), Modified("2", One), Bookmark("5"), Interrupted(), Resumed(),
            Deleted("6", One), Skipped("7", "s9"));
        Assert.Equal(["1", "2", "5", "5", "6", "7"], snapshots.Select(t => t.Version));
        Assert.Equal(["live", "live", "stale", "live", "live", "live"], snapshots.Select(t => t.Freshness.ToString()));
    }

    [Fact]
    public void An_interruption_keeps_the_endpoints_and_its_cause_until_the_next_list()
    {
        var snapshots = Fold(Listed("1", One), Interrupted(), Listed("9"));
        Assert.Equal(snapshots[0].Endpoints, snapshots[1].Endpoints);
        Assert.Equal(Interruption, Assert.IsType<Freshness.Stale>(snapshots[1].Freshness).Interruption);
        Assert.True(snapshots[2].Freshness.IsLive);
        Assert.Empty(snapshots[2].Endpoints);
    }

    [Fact]
    public void An_interruption_before_the_first_list_is_syncing()
    {
        var snapshot = Last(Interrupted());
        Assert.Equal(Interruption, Assert.IsType<Freshness.Syncing>(snapshot.Freshness).Interruption);
        Assert.Equal("", snapshot.Version);
        Assert.True(Last(Interrupted(), Listed("1", One)).Freshness.IsLive);
    }

    [Fact]
    public void The_first_slice_names_the_Service_which_stays_after_all_slices_are_gone()
    {
        var snapshot = Last(Listed("1", One), Deleted("2", One));
        Assert.Equal(("prod", "cache"), (snapshot.Namespace, snapshot.Service));
        Assert.Empty(snapshot.Endpoints);
    }

    [Fact]
    public void A_slice_of_another_Service_is_an_error_that_says_how_to_fix_it()
    {
        var other = Slice("s2", Pod("x", "10.0.0.9")) with { Metadata = Meta("s2", "queue") };
        var error = Assert.Throws<InvalidOperationException>(() => Last(Listed("1", One), Added("2", other)));
        Assert.Contains("Service prod/queue", error.Message, StringComparison.Ordinal);
        Assert.Contains("pass its name to ToTopology", error.Message, StringComparison.Ordinal);
        var elsewhere = One with { Metadata = Meta("s1", "cache", "test") };
        Assert.Throws<InvalidOperationException>(() => Last(Listed("1", One, elsewhere)));
        var unlabelled = One with { Metadata = new ObjectMeta { Name = "s1" } };
        Assert.Throws<InvalidOperationException>(() => Last(Listed("1", unlabelled)));
    }

    [Fact]
    public void With_a_named_Service_other_slices_are_ignored_and_a_slice_that_leaves_is_removed()
    {
        var cache = new ServiceName("prod", "cache");
        var other = Slice("s2", Pod("x", "10.0.0.9")) with { Metadata = Meta("s2", "queue") };
        var left = One with { Metadata = Meta("s1", "queue") };
        var snapshots = Fold(cache, Listed("1", One, other), Added("2", other), Modified("3", left));
        Assert.Equal(["cache-0@10.0.0.1:8080", "cache-0@10.0.0.1:8080", ""], snapshots.Select(Show));
        Assert.All(snapshots, s => Assert.Equal("cache", s.Service));
    }

    [Fact]
    public void A_skipped_slice_keeps_its_last_good_state_until_a_good_event_or_its_deletion()
    {
        var now = Slice("s1", Pod("cache-0", "10.0.0.7"));
        var snapshots = Fold(Listed("1", One), Skipped("2", "s1"), Skipped("3", "s8"), Modified("4", now), Deleted("5", Slice("s8")));
        Assert.Equal("cache-0@10.0.0.1:8080", Show(snapshots[1]));
        Assert.Equal([[], ["s1"], ["s1", "s8"], ["s8"], []], snapshots.Select(s => s.Skipped.Select(o => o.Name).ToArray()));
        Assert.Equal("cache-0@10.0.0.7:8080", Show(snapshots[3]));
    }

    [Fact]
    public void A_slice_skipped_in_a_list_keeps_its_last_good_state_and_the_others_are_replaced()
    {
        var two = Slice("s2", Pod("cache-1", "10.0.0.2"));
        var relist = new WatchEvent<EndpointSlice>.Listed([], "9") { SkippedItems = [new SkippedObject("prod", "s2", "8", "broken")] };
        var snapshots = Fold(Listed("1", One, two), Skipped("2", "s1"), relist, Listed("10", two));
        Assert.Equal("cache-1@10.0.0.2:8080", Show(snapshots[2]));
        Assert.Equal("s2", Assert.Single(snapshots[2].Skipped).Name);
        Assert.Empty(snapshots[3].Skipped);
    }

    [Fact]
    public void A_slice_skipped_in_a_list_and_then_deleted_leaves_nothing_behind()
    {
        var relist = new WatchEvent<EndpointSlice>.Listed([], "9") { SkippedItems = [new SkippedObject("prod", "s1", "8", "broken")] };
        var snapshots = Fold(Listed("1", One), relist, Deleted("10", One));
        Assert.NotEmpty(snapshots[1].Endpoints);
        Assert.Empty(snapshots[2].Endpoints);
    }

    [Fact]
    public void Of_a_slice_that_is_twice_in_a_list_the_last_one_counts()
    {
        var later = One with { Endpoints = [Pod("later", "10.0.0.9")] };
        var snapshots = Fold(Listed("1", One, later), Deleted("2", One));
        Assert.Equal("later", Assert.Single(snapshots[0].Members));
        Assert.Empty(snapshots[1].Endpoints);
    }

    [Fact]
    public void Before_the_first_list_there_is_no_version()
    {
        var first = Last(Added("5", One));
        Assert.False(first.Freshness.IsSynced);
        Assert.Equal("", first.Version);
    }

    [Fact]
    public void Unchanged_content_is_equal_and_unchanged_endpoints_are_the_same_objects()
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
    public void ToString_has_the_endpoints_and_the_freshness()
    {
        var many = Slice("s2", [.. Enumerable.Range(0, 12)
            .Select(i => Pod($"p{i:d2}", $"10.0.1.{i}") with { Ready = i > 0, Terminating = i == 1 })]);
        Assert.Equal("prod/cache: cache-0 10.0.0.1; live at 1", Last(Listed("1", One)).ToString());
        Assert.Equal("/: no endpoints; syncing", Last(Interrupted()).ToString());
        var text = Last(Listed("1", many), Interrupted()).ToString();
        Assert.StartsWith(
            "prod/cache: p00 10.0.1.0 (not ready), p01 10.0.1.1 (terminating), p02 10.0.1.2, ", text, StringComparison.Ordinal);
        Assert.EndsWith("p09 10.0.1.9 and 2 more; stale at 1", text, StringComparison.Ordinal);
    }
}
