using FsCheck;
using FsCheck.Fluent;
using Rx.Kube.Models;
using Rx.Kube.Tests.Topology;
using static Rx.Kube.Tests.Stores.FakeResource;

namespace Rx.Kube.Tests.Stores;

/// <summary>What holds for every history. A failure prints its seed, which is the whole input.</summary>
public class StoreProperties
{
    [Fact]
    public void After_each_event_the_store_equals_a_simple_model() => ForEveryHistory((seed, names) =>
    {
        var history = new RandomResourceHistory(seed, names);
        var expected = new List<string>();
        var events = new List<WatchEvent<FakeResource>>();
        for (var i = 0; i < 200; i++)
        {
            events.Add(history.Next());
            expected.Add(Text(history.Freshness, history.Resources, history.Skips));
            expected.Add(Groups(history.Resources.ToLookup(t => t.Node), k => k ?? ""));
            var tags = history.Resources.SelectMany(r => r.Tags.Distinct().Select(tag => (Tag: tag, Resource: r)));
            expected.Add(Groups(tags.ToLookup(p => p.Tag, p => p.Resource), k => k.ToString()));
        }

        var actual = Fold(events).SelectMany(s => new[]
        {
            Text(s.Freshness.ToString(), s.Values, s.Skipped.Select(o => o.Name)),
            Groups(s.By(ByNode), k => k),
            Groups(s.By(ByTag), k => k.ToString()),
        });
        Assert.Equal(expected, actual);

        static string Text(string freshness, IEnumerable<FakeResource> resources, IEnumerable<string> skips) =>
            $"{freshness}: {string.Join(' ', resources)} ({string.Join(' ', skips)})";
    });

    [Fact]
    public void The_previous_snapshot_and_the_difference_give_the_next_one_in_both_directions() => ForEveryHistory((seed, names) =>
    {
        var history = new RandomResourceHistory(seed, names);
        var snapshots = Fold(Enumerable.Range(0, 300).Select(_ => history.Next()));
        var random = new Random(seed);
        for (var i = 1; i < snapshots.Count; i++)
        {
            Holds(snapshots[i - 1], snapshots[i]);
            Holds(snapshots[i], snapshots[random.Next(snapshots.Count)]);
        }

        static IEnumerable<(ResourceKey, string)> SkippedOf(ResourceStore<FakeResource> store) =>
            store.Skipped.Select(s => (s.Key, s.Reason));

        static void Holds(ResourceStore<FakeResource> previous, ResourceStore<FakeResource> next)
        {
            var diff = next.DiffFrom(previous);
            var resources = previous.ToDictionary(t => t.Key, t => t.Value);
            foreach (var change in diff.Removed.Concat(diff.Updated))
            {
                Assert.True(resources.Remove(change.Key, out var before));
                Assert.Same(before, change.Previous);
            }

            foreach (var change in diff.Added.Concat(diff.Updated))
            {
                resources.Add(change.Key, change.Current!);
                Assert.Same(next[change.Key], change.Current);
            }

            Assert.Equal(Show(next), string.Join(' ', resources.OrderBy(t => t.Key).Select(t => t.Value)));
            Assert.All(diff.Updated, u => Assert.Equal(u.Previous!.Metadata.Uid, u.Current!.Metadata.Uid));
            Assert.All(diff.Updated, u => Assert.NotEqual(u.Previous, u.Current));
            Assert.Equal(Show(previous) == Show(next), diff.IsEmpty);
            Assert.Equal(diff.IsEmpty, next.SameObjects(previous));
            Assert.Equal(
                diff.IsEmpty && previous.Freshness.ToString() == next.Freshness.ToString()
                && SkippedOf(previous).SequenceEqual(SkippedOf(next)),
                next.Equals(previous));
            Assert.True(!next.Equals(previous) || next.GetHashCode() == previous.GetHashCode());
            Assert.All(new[] { diff.Added, diff.Removed, diff.Updated }, list => Assert.Equal(list.OrderBy(c => c.Key), list));
        }
    });

    [Fact]
    public void A_published_snapshot_never_changes() => ForEveryHistory((seed, names) =>
    {
        var (history, again) = (new RandomResourceHistory(seed, names), new RandomResourceHistory(seed, names));
        var snapshots = Fold(Enumerable.Range(0, 100).Select(_ => history.Next()));
        var texts = new List<string>();
        using var source = new System.Reactive.Subjects.Subject<WatchEvent<FakeResource>>();
        using var subscription = source.ToStore(ByNode, ByTag).Subscribe(s => texts.Add(Text(s)));
        for (var i = 0; i < 100; i++)
        {
            source.OnNext(again.Next());
        }

        Assert.Equal(texts, snapshots.Select(Text));

        static string Text(ResourceStore<FakeResource> s) =>
            $"{Show(s)} {Groups(s.By(ByNode), k => k)} {Groups(s.By(ByTag), k => k.ToString())}";
    });

    [Fact]
    public void A_store_and_a_topology_agree_on_the_same_events() => ForEveryHistory((seed, _) =>
    {
        var random = new Random(seed);
        var events = new List<WatchEvent<EndpointSlice>>();
        foreach (var next in new RandomHistory(seed, large: false, events: 40).Events)
        {
            events.Add(next);
            var (name, version) = ($"s{random.Next(4)}", random.Next(60).ToString());
            events.AddRange(random.Next(8) switch
            {
                0 => [TopologyTestData.Skipped(version, name)],
                1 => [(WatchEvent<EndpointSlice>.Skipped)TopologyTestData.Skipped(version, name) with { IsDeletion = true }],
                2 => [TopologyTestData.Bookmark(version)],
                3 => [TopologyTestData.Deleted(version, TopologyTestData.Slice(name))],
                4 => [(WatchEvent<EndpointSlice>.Listed)events[0] with { SkippedItems = [new("prod", name, version, "broken")] }],
                _ => [],
            });
        }

        var cache = new ServiceName("prod", "cache");
        var topologies = TopologyTestData.Fold(cache, events);
        using var source = new System.Reactive.Subjects.Subject<WatchEvent<EndpointSlice>>();
        var stores = new List<ResourceStore<EndpointSlice>>();
        using var subscription = source.ToStore().Subscribe(stores.Add);
        events.ForEach(source.OnNext);

        Assert.Equal(topologies.Select(Text), stores.Select(s => $"{s.Version} {s.Freshness} {string.Join(' ', s.Skipped)}"));
        foreach (var (topology, store) in topologies.Zip(stores))
        {
            Assert.True(topology.SameEndpoints(TopologyTestData.Fold(cache, TopologyTestData.Listed("1", [.. store.Values]))[^1]));
        }

        static string Text(ServiceTopology t) => $"{t.Version} {t.Freshness} {string.Join(' ', t.Skipped)}";
    });

    private static void ForEveryHistory(Action<int, int> holds)
    {
        Check(100, names: 5);
        Check(10, names: 200);

        void Check(int times, int names) => Prop.ForAll(
            Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => holds(seed, names)).Check(Config.QuickThrowOnFailure.WithMaxTest(times));
    }

    private static string Groups<TKey>(ILookup<TKey, FakeResource> groups, Func<TKey, string> text) =>
        string.Join(' ', groups.Where(g => text(g.Key).Length > 0)
            .Select(g => $"{text(g.Key)}: {string.Join(' ', g)}").Order(StringComparer.Ordinal));
}
