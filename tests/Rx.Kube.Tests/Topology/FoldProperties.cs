using FsCheck;
using FsCheck.Fluent;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>Properties of every history of events. A failure prints its seed, which is the whole input.</summary>
public class FoldProperties
{
    private static void ForEveryHistory(Action<RandomHistory> holds)
    {
        Check(200, large: false, events: 25);
        Check(10, large: true, events: 20);

        void Check(int times, bool large, int events) => Prop.ForAll(
            Gen.Choose(0, int.MaxValue).ToArbitrary(),
            seed => holds(new RandomHistory(seed, large, events))).Check(Config.QuickThrowOnFailure.WithMaxTest(times));
    }

    [Fact]
    public void Only_the_final_slices_matter_not_the_order_of_events_slices_or_endpoints() => ForEveryHistory(history =>
    {
        var folded = Fold(null, history.Events)[^1];
        var cache = new ServiceName("prod", "cache"); // Without any slice only the argument names the Service.
        var fresh = Fold(cache, Listed("1", [.. history.Slices().Select(history.Shuffled)]))[^1];
        Assert.Equal(DeepText(fresh), DeepText(folded));
        Assert.True(fresh.SameEndpoints(folded));
        Assert.Equal(fresh.Members, folded.Members);
        Assert.Equal(fresh.Ports.AsEnumerable(), folded.Ports);
        Assert.True(fresh.DiffFrom(folded).IsEmpty);
        var oneByOne = Fold(cache, [Listed("1"), .. history.Slices().Select(s => Added("2", history.Shuffled(s)))])[^1];
        Assert.Equal(DeepText(fresh), DeepText(oneByOne));
        Assert.Equal(DiffText(fresh.DiffFrom(null)), DiffText(oneByOne.DiffFrom(null)));
    });

    [Fact]
    public void A_repeated_event_changes_nothing() => ForEveryHistory(history =>
    {
        var once = Fold(null, history.Events);
        var twice = Fold(null, history.Events.SelectMany(e => new[] { e, e }));
        Assert.Equal(2 * once.Length, twice.Length);
        for (var i = 0; i < once.Length; i++)
        {
            var (first, second) = (twice[2 * i], twice[(2 * i) + 1]);
            Assert.Equal(DeepText(once[i]), DeepText(first));
            Assert.Equal(DeepText(first), DeepText(second));
            Assert.Equal(first, second);
            Assert.Equal((first.Version, first.Freshness), (second.Version, second.Freshness));
            Assert.Equal(first.Members, second.Members);
            Assert.True(second.DiffFrom(first).IsEmpty);
            Assert.All(first.Endpoints.Zip(second.Endpoints), e => Assert.Same(e.First, e.Second));
            var (before, beforeOfTwice) = i == 0 ? (null, null) : (once[i - 1], twice[(2 * i) - 1]);
            Assert.Equal(DiffText(once[i].DiffFrom(before)), DiffText(second.DiffFrom(beforeOfTwice)));
        }
    });

    [Fact]
    public void A_slice_that_is_listed_twice_counts_once() => ForEveryHistory(history =>
    {
        var cache = new ServiceName("prod", "cache");
        var slices = history.Slices();
        var once = Fold(cache, Listed("1", slices))[^1];
        var twice = Fold(cache, Listed("1", [.. slices, .. slices.Reverse()]))[^1];
        Assert.Equal(DeepText(once), DeepText(twice));
        Assert.Equal(once, twice);
        Assert.Equal(DiffText(once.DiffFrom(null)), DiffText(twice.DiffFrom(null)));
    });

    [Fact]
    public void The_previous_snapshot_and_the_diff_give_the_next_snapshot() => ForEveryHistory(history =>
    {
        var snapshots = Fold(null, history.Events);
        for (var i = 1; i < snapshots.Length; i++)
        {
            Holds(snapshots[i - 1], snapshots[i]);
            Holds(snapshots[0], snapshots[i]);
            Holds(snapshots[i], snapshots[0]);
        }

        static void Holds(ServiceTopology previous, ServiceTopology next)
        {
            var diff = next.DiffFrom(previous);
            var members = previous.Endpoints.ToLookup(e => e.Member).ToDictionary(g => g.Key, g => g.ToArray());
            foreach (var change in diff.Removed.Concat(diff.Updated))
            {
                Assert.True(members.Remove(change.Member, out var before));
                Assert.Equal(before, change.Previous);
            }

            foreach (var change in diff.Added.Concat(diff.Updated))
            {
                members.Add(change.Member, [.. change.Current]);
            }

            Assert.Equal(next.Endpoints.AsEnumerable(), members.OrderBy(m => m.Key, StringComparer.Ordinal).SelectMany(m => m.Value));
            Assert.All(diff.Updated, u => Assert.NotEqual(u.Previous.AsEnumerable(), u.Current));
            Assert.Equal(diff.IsEmpty, next.SameEndpoints(previous));
            Assert.All(new[] { diff.Added, diff.Removed, diff.Updated }, list =>
                Assert.Equal(list.OrderBy(c => c.Member, StringComparer.Ordinal), list));
        }
    });

    [Fact]
    public void A_published_snapshot_never_changes() => ForEveryHistory(history =>
    {
        var texts = new List<string>();
        var snapshots = new List<ServiceTopology>();
        using var source = new System.Reactive.Subjects.Subject<Rx.Kube.WatchEvent<Rx.Kube.Models.EndpointSlice>>();
        using var subscription = source.ToTopology().Subscribe(s =>
        {
            // Every other snapshot is first read at the end: its content must not depend on when it is read.
            snapshots.Add(s);
            texts.Add(snapshots.Count % 2 == 0 ? DeepText(s) : "");
        });
        foreach (var next in history.Events)
        {
            source.OnNext(next);
        }

        var again = Fold(null, history.Events);
        Assert.All(snapshots.Zip(texts, again), t => Assert.Equal(DeepText(t.Third), DeepText(t.First)));
        Assert.All(snapshots.Zip(texts), t => Assert.True(t.Second.Length == 0 || t.Second == DeepText(t.First)));
    });

    [Fact]
    public void Each_address_port_and_protocol_appears_exactly_once_in_order() => ForEveryHistory(history =>
    {
        var snapshot = Fold(null, history.Events)[^1];
        var given = snapshot.Endpoints.SelectMany(e => e.Ports.Select(p => (e.Address, p.Port, p.Protocol))).ToList();
        Assert.Equal(given.Count, given.Distinct().Count());
        var asked = history.Slices().SelectMany(s => s.Endpoints.Where(e => !e.Addresses.IsEmpty).SelectMany(e =>
            s.Ports.Where(p => p.Port is not null).Select(p => (IpText.Canonical(e.Addresses[0]), p.Port, p.Protocol))));
        Assert.Equal(asked.ToHashSet(), given.ToHashSet());
        var places = snapshot.Endpoints.Select(e => (e.Member, e.AddressType, e.Address)).ToList();
        var conditions = snapshot.Endpoints.Select(e => (e.Member, e.Address, e.Ready, e.Serving, e.Terminating));
        Assert.Equal(places.Count, conditions.Distinct().Count());
        Assert.Equal(
            places.OrderBy(p => p.Member, StringComparer.Ordinal).ThenBy(p => p.AddressType, StringComparer.Ordinal)
                .ThenBy(p => p.Address, StringComparer.Ordinal),
            places);
    });

    [Fact]
    public void An_address_that_a_pod_claims_is_never_the_name_of_a_member() => ForEveryHistory(history =>
    {
        var last = Fold(null, history.Events)[^1];
        var claims = history.Slices().SelectMany(slice => slice.Endpoints).Where(e => !e.Addresses.IsEmpty);
        var ofPods = claims.Where(e => e.TargetRef?.Kind == "Pod").Select(e => IpText.Canonical(e.Addresses[0])).ToHashSet();
        Assert.Empty(last.Members.Intersect(ofPods));
    });

    [Fact]
    public void Unchanged_endpoints_are_the_same_objects() => ForEveryHistory(history =>
    {
        var snapshots = Fold(null, history.Events);
        foreach (var (previous, next) in snapshots.Zip(snapshots.Skip(1)))
        {
            var before = previous.Endpoints.ToDictionary(e => (e.Member, e.Address, e.Ready, e.Serving, e.Terminating));
            foreach (var endpoint in next.Endpoints)
            {
                var key = (endpoint.Member, endpoint.Address, endpoint.Ready, endpoint.Serving, endpoint.Terminating);
                if (before.TryGetValue(key, out var old) && old.Equals(endpoint) && old.Slice == endpoint.Slice)
                {
                    Assert.Same(old, endpoint);
                }
            }
        }
    });

    private static string DeepText(ServiceTopology t) =>
        $"{t.Namespace}/{t.Service} [{string.Join(',', t.Members)}]\n" + string.Join('\n', t.Endpoints);

    private static string DiffText(TopologyDiff diff) => string.Join('\n', diff.Added.Concat(diff.Removed).Concat(diff.Updated));
}
