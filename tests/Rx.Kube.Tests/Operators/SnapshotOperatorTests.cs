using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Tests.Topology;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Operators;

/// <summary>The operators without time.</summary>
public class SnapshotOperatorTests
{
    [Fact]
    public void WhereMembers_keeps_all_endpoints_of_a_member()
    {
        var four = Slice("a", Pod("p", "10.0.0.1"), Pod("q", "10.0.0.2"));
        var six = Slice("b", Pod("p", "fd00::1"), Pod("q", "fd00::2")) with { AddressType = "IPv6" };
        var seen = Last(Fold(Listed("1", four, six)).ToObservable().WhereMembers(m => m == "q"));
        Assert.Equal(["10.0.0.2", "fd00::2"], seen.Endpoints.Select(e => e.Address));
    }

    [Fact]
    public void WhereReady_follows_health_and_is_empty_when_no_endpoint_is_ready()
    {
        var seen = Texts("a b", "a b(not ready)", "a(terminating) b(not ready)", "a b").WhereReady();
        Assert.Equal(["a b", "a", "empty", "a b"], seen.Select(TopologyText.Text).ToEnumerable());
    }

    [Fact]
    public void WhereInZone_takes_several_zones_and_an_endpoint_without_a_zone_is_in_none()
    {
        var source = Texts("a(zone x) b(zone y) c(zone z) d");
        Assert.Equal("a(zone x)", TopologyText.Text(source.WhereInZone("x").Wait()));
        Assert.Equal("a(zone x) c(zone z)", TopologyText.Text(source.WhereInZone("x", "z").Wait()));
        Assert.Equal("empty", TopologyText.Text(source.WhereInZone("w").Wait()));
    }

    [Fact]
    public void A_filter_passes_freshness_on()
    {
        var seen = Texts("syncing", "a b", "stale a b", "a b").WhereMembers(m => m == "a").Select(TopologyText.Text).ToEnumerable();
        Assert.Equal(["syncing", "a", "stale a", "a"], seen);
    }

    [Fact]
    public void A_filtered_endpoint_names_the_slice_it_has_moved_to()
    {
        var slice = Slice("a", Pod("p", "10.0.0.1"));
        var seen = Last(Fold(Listed("1", slice), Listed("2", slice with { Metadata = Meta("b", "cache") })).ToObservable().WhereReady());
        Assert.Equal("b", Assert.Single(seen.Endpoints).Slice);
    }

    [Fact]
    public void The_predicate_is_called_once_for_an_endpoint_until_it_changes()
    {
        var slice = Slice("a", Pod("p", "10.0.0.1"), Pod("q", "10.0.0.2"));
        var changed = slice with { Endpoints = slice.Endpoints.SetItem(0, slice.Endpoints[0] with { Ready = false }) };
        var asked = new List<string>();
        Last(Fold(Listed("1", slice), Modified("2", slice), Interrupted(), Listed("3", slice), Modified("4", changed)).ToObservable()
            .WhereEndpoints(e =>
            {
                asked.Add(e.Member);
                return true;
            }));
        Assert.Equal(["p", "q", "p"], asked);
    }

    [Fact]
    public void An_impure_predicate_gives_no_inconsistent_snapshot()
    {
        var answers = new Random(1);
        var history = new RandomHistory(seed: 1, large: true, events: 40);
        var seen = Fold(null, history.Events).ToObservable().WhereEndpoints(_ => answers.Next(2) == 0).ToList().Wait();
        HistoryInTime.AreSound([.. seen]);
    }

    [Fact]
    public void The_cost_of_a_filtered_change_does_not_depend_on_the_number_of_endpoints()
    {
        var slices = Enumerable.Range(0, 200).Select(s =>
            Slice($"s{s}", [.. Enumerable.Range(0, 100).Select(e => Pod($"p{s:d3}-{e:d2}", $"10.{s}.0.{e}"))])).ToArray();
        var changed = slices[100] with { Endpoints = slices[100].Endpoints.SetItem(50, slices[100].Endpoints[50] with { Ready = false }) };
        var snapshots = Fold(Listed("1", slices), Modified("2", changed), Modified("3", slices[100]));
        using var source = new Subject<ServiceTopology>();
        ServiceTopology? last = null;
        using var subscription = source.WhereReady().Subscribe(t => last = t);
        source.OnNext(snapshots[0]);
        source.OnNext(snapshots[1]);
        source.OnNext(snapshots[2]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        source.OnNext(snapshots[1]);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 1, 8_000);
        Assert.Equal(19_999, last!.Endpoints.Count);
    }

    [Fact]
    public void Changes_gives_the_first_members_and_then_joins_leaves_and_updates()
    {
        var seen = Texts("syncing", "a b", "stale a b", "a b(not ready) c", "a", "a").Changes().ToList().Wait();
        Assert.Equal(["+a +b", "+c ~b", "-b -c"], seen.Select(TopologyText.Text));
        var updated = Assert.Single(seen[1].Updated);
        Assert.Equal((true, false), (updated.Previous[0].Ready, updated.Current[0].Ready));
    }

    [Fact]
    public void Changes_found_by_a_new_list_are_inferred_and_others_are_not()
    {
        var (two, one) = (Slice("a", Pod("p", "10.0.0.1"), Pod("q", "10.0.0.2")), Slice("a", Pod("p", "10.0.0.1")));
        var seen = Fold(Interrupted(), Listed("1", two), Interrupted(), Listed("2", one), Modified("3", two))
            .ToObservable().Changes().ToList().Wait();
        Assert.Equal(["+p +q", "-q", "+q"], seen.Select(TopologyText.Text));
        Assert.Equal([false, true, false], seen.Select(c => c.Added.Concat(c.Removed).First().Inferred));
    }

    [Fact]
    public void Changes_between_two_services_are_an_error()
    {
        var other = Fold(Listed("1", Slice("b", Pod("x", "10.0.0.9")) with { Metadata = Meta("b", "queue") }))[0];
        Assert.Throws<ArgumentException>(() => Texts("a").Append(other).Changes().Wait());
    }

    [Fact]
    public void DistinctUntilMembersChanged_tells_no_members_from_not_known_yet_and_ignores_health_addresses_and_freshness()
    {
        string[] snapshots =
            ["syncing", "syncing", "empty", "a", "a(not ready)", "stale a", "a(@10.0.0.9)", "a b", "b", "stale empty", "empty"];
        Assert.Equal(
            ["syncing", "empty", "a", "a b", "b", "stale empty"],
            Texts(snapshots).DistinctUntilMembersChanged().Select(TopologyText.Text).ToEnumerable());
    }

    [Fact]
    public void WhereSynced_waits_for_a_complete_list_also_when_the_source_starts_over() =>
        Assert.Equal(
            ["empty", "stale a", "a"],
            Texts("syncing", "empty", "stale a", "syncing", "a").WhereSynced().Select(TopologyText.Text).ToEnumerable());

    private static IObservable<ServiceTopology> Texts(params string[] snapshots) => snapshots.Select(TopologyText.Snapshot).ToObservable();

    private static ServiceTopology Last(IObservable<ServiceTopology> source) => source.Wait();
}
