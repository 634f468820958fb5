using System.Reactive.Linq;

namespace Rx.Kube.Tests.Operators;

/// <summary>The operators without time against their definitions, worked out plainly from whole snapshots.</summary>
public class SnapshotOperatorProperties
{
    private static readonly IEqualityComparer<object> _sameObject = ReferenceEqualityComparer.Instance;

    [Fact]
    public void WhereEndpoints_GivesOfEachSnapshotThosePicked_AsTheSameObjects() => HistoryInTime.ForEvery(history =>
    {
        var salt = history.Random.Next(4);
        IsPicked(history, source => source.WhereEndpoints(Picked), Picked);

        bool Picked(TopologyEndpoint e) => (e.Address[^1] + (e.Ready ? 1 : 0) + salt) % 3 != 0;
    });

    [Fact]
    public void WhereMembers_GivesOfEachSnapshotTheMembersPicked() => HistoryInTime.ForEvery(history =>
        IsPicked(history, source => source.WhereMembers(m => m.Contains('1')), e => e.Member.Contains('1')));

    [Fact]
    public void WhereReady_GivesOfEachSnapshotTheReadyEndpoints() => HistoryInTime.ForEvery(history =>
        IsPicked(history, source => source.WhereReady(), e => e.Ready));

    [Fact]
    public void WhereInZone_GivesOfEachSnapshotTheEndpointsThere() => HistoryInTime.ForEvery(history =>
        IsPicked(history, source => source.WhereInZone("a"), e => e.Zone == "a"));

    [Fact]
    public void Filters_Commute() => HistoryInTime.ForEvery(history =>
    {
        var one = history.Snapshots.ToObservable().WhereReady().WhereInZone("b", "a").ToEnumerable();
        var other = history.Snapshots.ToObservable().WhereInZone("a").WhereReady().ToEnumerable();
        Assert.Equal(one.Select(t => t.Endpoints), other.Select(t => t.Endpoints));
    });

    [Fact]
    public void Changes_AppliedToNothing_GiveEachSnapshot_AndNoneIsEmpty() => HistoryInTime.ForEvery(history =>
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
    public void ChangesOfWhatIsHeldFilteredAndSettled_AppliedToNothing_GiveTheLastSnapshot() => HistoryInTime.ForEvery(history =>
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
    public void DistinctUntilMembersChanged_GivesThoseWhoseMembersAreNotThoseBefore() => HistoryInTime.ForEvery(history =>
        Assert.Equal(
            history.Snapshots.ToObservable().DistinctUntilChanged(t => $"{t.Freshness.IsSynced} {t.Members}").ToEnumerable(),
            history.Snapshots.ToObservable().DistinctUntilMembersChanged().ToEnumerable(),
            _sameObject));

    private static void IsPicked(
        HistoryInTime history, Func<IObservable<ServiceTopology>, IObservable<ServiceTopology>> filter, Func<TopologyEndpoint, bool> picked)
    {
        var seen = filter(history.Snapshots.ToObservable()).ToList().Wait();

        HistoryInTime.AreSound([.. seen]);
        Assert.Equal(history.Snapshots.Length, seen.Count);
        foreach (var (all, part) in history.Snapshots.Zip(seen))
        {
            Assert.Equal(all.Endpoints.Where(picked), part.Endpoints, _sameObject);
            Assert.Equal(
                (all.Namespace, all.Service, all.Version, all.Freshness, all.Skipped, all.LastChangeTriggerTime, all.List),
                (part.Namespace, part.Service, part.Version, part.Freshness, part.Skipped, part.LastChangeTriggerTime, part.List));
        }

        // What did not change is not made again.
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
