using System.Reactive.Linq;

namespace Rx.Kube.Tests.Operators;

/// <summary>The operators without time against their definitions, computed naively from whole snapshots.</summary>
public class SnapshotOperatorProperties
{
    private static readonly IEqualityComparer<object> _sameObject = ReferenceEqualityComparer.Instance;

    [Fact]
    public void WhereEndpoints_keeps_the_selected_endpoints_of_each_snapshot_as_the_same_objects() => HistoryInTime.ForEvery(history =>
    {
        var salt = history.Random.Next(4);
        HasSelected(history, source => source.WhereEndpoints(Selected), Selected);

        bool Selected(TopologyEndpoint e) => (e.Address[^1] + (e.Ready ? 1 : 0) + salt) % 3 != 0;
    });

    [Fact]
    public void WhereMembers_keeps_the_selected_members_of_each_snapshot() => HistoryInTime.ForEvery(history =>
        HasSelected(history, source => source.WhereMembers(m => m.Contains('1')), e => e.Member.Contains('1')));

    [Fact]
    public void WhereReady_keeps_the_ready_endpoints_of_each_snapshot() => HistoryInTime.ForEvery(history =>
        HasSelected(history, source => source.WhereReady(), e => e.Ready));

    [Fact]
    public void WhereNotTerminating_keeps_the_endpoints_of_each_snapshot_that_do_not_terminate() => HistoryInTime.ForEvery(history =>
        HasSelected(history, source => source.WhereNotTerminating(), e => !e.Terminating));

    [Fact]
    public void EndpointsOf_a_member_are_its_endpoints_in_order() => HistoryInTime.ForEvery(history =>
    {
        var last = history.Snapshots[^1];
        Assert.All(last.Members.Append("stranger"), member =>
            Assert.Equal(last.Endpoints.Where(e => e.Member == member), last.EndpointsOf(member)));
        Assert.Throws<ArgumentNullException>(() => last.EndpointsOf(null!));
    });

    [Fact]
    public void WhereInZone_keeps_the_endpoints_in_the_zone_of_each_snapshot() => HistoryInTime.ForEvery(history =>
        HasSelected(history, source => source.WhereInZone("a"), e => e.Zone == "a"));

    [Fact]
    public void Filters_commute() => HistoryInTime.ForEvery(history =>
    {
        var one = history.Snapshots.ToObservable().WhereReady().WhereInZone("b", "a").ToEnumerable();
        var other = history.Snapshots.ToObservable().WhereInZone("a").WhereReady().ToEnumerable();
        Assert.Equal(one.Select(t => t.Endpoints), other.Select(t => t.Endpoints));
    });

    [Fact]
    public void Changes_applied_to_an_empty_state_give_each_snapshot_and_none_is_empty() => HistoryInTime.ForEvery(history =>
    {
        var members = new SortedDictionary<string, TopologyEndpoint[]>(StringComparer.Ordinal);
        var seen = history.Through((source, _) => source.Changes());
        var given = 0;
        foreach (var (at, snapshot) in history.Inputs)
        {
            if (!snapshot.Endpoints.SequenceEqual(members.Values.SelectMany(e => e)))
            {
                Assert.Equal(at, seen[given].At);
                Apply(seen[given++].Value, members);
            }

            Assert.Equal(snapshot.Endpoints.AsEnumerable(), members.Values.SelectMany(e => e));
        }

        Assert.Equal(seen.Count, given);
    });

    [Fact]
    public void Changes_after_other_operators_applied_to_an_empty_state_give_the_last_snapshot() => HistoryInTime.ForEvery(history =>
    {
        var members = new SortedDictionary<string, TopologyEndpoint[]>(StringComparer.Ordinal);
        foreach (var (_, changes) in history.Through((source, clock) =>
            source.WhereSynced().HoldDepartures(Ms(3), clock).WhereReady().Settle(Ms(2), Ms(6), clock).Changes()))
        {
            Apply(changes, members);
        }

        Assert.Equal(history.Snapshots[^1].Ready.AsEnumerable(), members.Values.SelectMany(e => e));
    });

    [Fact]
    public void DistinctUntilMembersChanged_passes_snapshots_whose_members_differ_from_the_one_before() => HistoryInTime.ForEvery(history =>
        Assert.Equal(
            history.Snapshots.ToObservable().DistinctUntilChanged(t => $"{t.Freshness.IsSynced} {t.Members}").ToEnumerable(),
            history.Snapshots.ToObservable().DistinctUntilMembersChanged().ToEnumerable(),
            _sameObject));

    private static void HasSelected(
        HistoryInTime history,
        Func<IObservable<ServiceTopology>, IObservable<ServiceTopology>> filter,
        Func<TopologyEndpoint, bool> selected)
    {
        var seen = filter(history.Snapshots.ToObservable()).ToList().Wait();

        HistoryInTime.AreSound([.. seen]);
        Assert.Equal(history.Snapshots.Length, seen.Count);
        foreach (var (all, part) in history.Snapshots.Zip(seen))
        {
            Assert.Equal(all.Endpoints.Where(selected), part.Endpoints, _sameObject);
            Assert.Equal(
                (all.Namespace, all.Service, all.Version, all.Freshness, all.Skipped, all.LastChangeTriggerTime, all.List),
                (part.Namespace, part.Service, part.Version, part.Freshness, part.Skipped, part.LastChangeTriggerTime, part.List));
        }

        // Unchanged endpoints share the same tree.
        Assert.All(seen.Zip(seen.Skip(1)).Where(p => p.First.Endpoints.SequenceEqual(p.Second.Endpoints, _sameObject)), p =>
            Assert.Same(p.First.Tree, p.Second.Tree));
    }

    private static void Apply(TopologyDiff changes, SortedDictionary<string, TopologyEndpoint[]> members)
    {
        Assert.False(changes.IsEmpty);
        foreach (var change in changes.Removed.Concat(changes.Updated))
        {
            Assert.True(members.Remove(change.Member, out var before));
            Assert.Equal(before, change.Previous);
        }

        foreach (var change in changes.Added.Concat(changes.Updated))
        {
            members.Add(change.Member, [.. change.Current]);
        }
    }

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);
}
