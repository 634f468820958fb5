using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Tests.Topology;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Operators;

/// <summary>The operators without time: what users meet.</summary>
public class SnapshotOperatorTests
{
    [Fact]
    public void WhereMembers_KeepsAllEndpointsOfAMember()
    {
        var four = Slice("a", Pod("p", "10.0.0.1"), Pod("q", "10.0.0.2"));
        var six = Slice("b", Pod("p", "fd00::1"), Pod("q", "fd00::2")) with { AddressType = "IPv6" };
        var seen = Last(Fold(Listed("1", four, six)).ToObservable().WhereMembers(m => m == "q"));
        Assert.Equal(["10.0.0.2", "fd00::2"], seen.Endpoints.Select(e => e.Address));
    }

    [Fact]
    public void WhereReady_FollowsHealth_AndHasNobodyWhenNobodyIsReady()
    {
        string[] seen = Texts("a b", "a b(not ready)", "a(terminating) b(not ready)", "a b").WhereReady().Select(TopologyText.Text).ToEnumerable().ToArray();
        Assert.Equal(["a b", "a", "nobody", "a b"], seen);
    }

    [Fact]
    public void WhereInZone_TakesOneOrSeveral_AndWhoseZoneIsUnknownIsInNone()
    {
        var source = Texts("a(zone x) b(zone y) c(zone z) d");
        Assert.Equal("a(zone x)", TopologyText.Text(source.WhereInZone("x").Wait()));
        Assert.Equal("a(zone x) c(zone z)", TopologyText.Text(source.WhereInZone("x", "z").Wait()));
        Assert.Equal("nobody", TopologyText.Text(source.WhereInZone("w").Wait()));
    }

    [Fact]
    public void AFilter_PassesFreshnessOn()
    {
        var seen = Texts("syncing", "a b", "stale a b", "a b").WhereMembers(m => m == "a").Select(TopologyText.Text).ToEnumerable();
        Assert.Equal(["syncing", "a", "stale a", "a"], seen);
    }

    [Fact]
    public void AFilter_KnowsTheSliceAnEndpointHasMovedTo()
    {
        var slice = Slice("a", Pod("p", "10.0.0.1"));
        var seen = Last(Fold(Listed("1", slice), Listed("2", slice with { Metadata = Meta("b", "cache") })).ToObservable().WhereReady());
        Assert.Equal("b", Assert.Single(seen.Endpoints).Slice);
    }

    [Fact]
    public void AFilterIsAskedOnceAboutAnEndpoint_UntilItChanges()
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
    public void APredicateThatIsNotPure_GivesNoBrokenSnapshots()
    {
        var answers = new Random(1);
        var history = new RandomHistory(seed: 1, large: true, events: 40);
        var seen = Fold(null, history.Events).ToObservable().WhereEndpoints(_ => answers.Next(2) == 0).ToList().Wait();
        HistoryInTime.AreSound([.. seen]);
    }

    [Fact]
    public void AFilteredChangeCostsWhatItChanges_NotHowManyThereAre()
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
    public void Changes_TellsWhoWasThereFirst_ThenWhoJoinsLeavesAndChanges()
    {
        var seen = Texts("syncing", "a b", "stale a b", "a b(not ready) c", "a", "a").Changes().ToList().Wait();
        Assert.Equal(["+a +b", "+c ~b", "-b -c"], seen.Select(TopologyText.Text));
        var updated = Assert.Single(seen[1].Updated);
        Assert.Equal((true, false), (updated.Previous[0].Ready, updated.Current[0].Ready));
    }

    [Fact]
    public void Changes_FoundByANewList_AreInferred_OthersAreNot()
    {
        var (two, one) = (Slice("a", Pod("p", "10.0.0.1"), Pod("q", "10.0.0.2")), Slice("a", Pod("p", "10.0.0.1")));
        var seen = Fold(Interrupted(), Listed("1", two), Interrupted(), Listed("2", one), Modified("3", two)).ToObservable().Changes().ToList().Wait();
        Assert.Equal(["+p +q", "-q", "+q"], seen.Select(TopologyText.Text));
        Assert.Equal([false, true, false], seen.Select(c => c.Added.Concat(c.Removed).First().Inferred));
    }

    [Fact]
    public void Changes_OfTwoServices_AreAnError()
    {
        var other = Fold(Listed("1", Slice("b", Pod("x", "10.0.0.9")) with { Metadata = Meta("b", "queue") }))[0];
        Assert.Throws<ArgumentException>(() => Texts("a").Append(other).Changes().Wait());
    }

    [Fact]
    public void DistinctUntilMembersChanged_TellsNobodyFromNotKnownYet_AndPassesHealthAddressesAndFreshnessBy()
    {
        string[] snapshots = ["syncing", "syncing", "nobody", "a", "a(not ready)", "stale a", "a(@10.0.0.9)", "a b", "b", "stale nobody", "nobody"];
        Assert.Equal(
            ["syncing", "nobody", "a", "a b", "b", "stale nobody"],
            Texts(snapshots).DistinctUntilMembersChanged().Select(TopologyText.Text).ToEnumerable());
    }

    [Fact]
    public void WhereSynced_WaitsForACompleteList_AlsoWhenASourceBeginsAnew() =>
        Assert.Equal(
            ["nobody", "stale a", "a"],
            Texts("syncing", "nobody", "stale a", "syncing", "a").WhereSynced().Select(TopologyText.Text).ToEnumerable());

    private static IObservable<ServiceTopology> Texts(params string[] snapshots) => snapshots.Select(TopologyText.Snapshot).ToObservable();

    private static ServiceTopology Last(IObservable<ServiceTopology> source) => source.Wait();
}
