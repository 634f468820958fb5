using System.Collections.Immutable;
using System.Reactive.Linq;
using FsCheck;
using FsCheck.Fluent;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>All Services of one watch. A failure of a property prints its seed, which is the whole input.</summary>
public class ClusterTopologyTests
{
    private static readonly ServiceName _cache = new("prod", "cache");
    private static readonly ServiceName _web = new("prod", "web");

    [Fact]
    public void Each_Service_is_what_ToTopology_gives_for_it_at_every_step() => ForEveryCluster(cluster =>
    {
        var snapshots = FoldCluster(cluster.Events);
        foreach (var service in RandomCluster.Services)
        {
            var alone = Fold(service, cluster.Events);
            Assert.Equal(alone.Length, snapshots.Length);
            Assert.All(alone.Zip(snapshots), s => Assert.Equal(DeepText(s.First), DeepText(s.Second[service])));
            Assert.Equal(alone.AsEnumerable(), snapshots.Select(s => s[service]));
            Assert.Equal(
                alone.Zip(alone.Skip(1), (previous, next) => DiffText(next.DiffFrom(previous))),
                snapshots.Zip(snapshots.Skip(1), (previous, next) => DiffText(next[service].DiffFrom(previous[service]))));
        }

        Assert.All(snapshots, s => Assert.Equal(s.Names, s.Services.Select(t => new ServiceName(t.Namespace, t.Service))));
        Assert.All(snapshots, s => Assert.Equal(
            s.Names.OrderBy(n => n.Namespace, StringComparer.Ordinal).ThenBy(n => n.Name, StringComparer.Ordinal), s.Names));
        Assert.Equal(snapshots[^1].Count, snapshots[^1].Names.Count());
    });

    [Fact]
    public void The_diff_between_any_two_snapshots_names_exactly_the_Services_that_changed() => ForEveryCluster(cluster =>
    {
        var snapshots = FoldCluster(cluster.Events);
        for (var i = 1; i < snapshots.Length; i++)
        {
            Holds(snapshots[i - 1], snapshots[i]);
            Holds(snapshots[0], snapshots[i]);
            Holds(snapshots[i], snapshots[0]);
        }

        Holds(null, snapshots[^1]);

        static void Holds(ClusterTopology? previous, ClusterTopology next)
        {
            var diff = next.DiffFrom(previous);
            Assert.Equal(Expected(s => next.Contains(s) && previous?.Contains(s) != true), diff.Added);
            Assert.Equal(Expected(s => !next.Contains(s) && previous?.Contains(s) == true), diff.Removed);
            Assert.Equal(
                Expected(s => next.Contains(s) && previous?.Contains(s) == true && !next[s].SameEndpoints(previous[s])), diff.Updated);
            Assert.Equal(diff.IsEmpty, ReferenceEquals(diff, ClusterDiff.Empty));
            if (previous is not null)
            {
                Assert.Equal(diff.IsEmpty, next.SameServices(previous));
                Assert.Equal(
                    diff.IsEmpty && next.Freshness.GetType() == previous.Freshness.GetType()
                    && next.Skipped.Select(s => (s.Key, s.Reason)).SequenceEqual(previous.Skipped.Select(s => (s.Key, s.Reason))),
                    next.Equals(previous));
                Assert.True(!next.Equals(previous) || next.GetHashCode() == previous.GetHashCode());
            }
        }

        static IEnumerable<ServiceName> Expected(Func<ServiceName, bool> predicate) => RandomCluster.Services
            .Where(predicate).OrderBy(n => n.Namespace, StringComparer.Ordinal).ThenBy(n => n.Name, StringComparer.Ordinal);
    });

    [Fact]
    public void Only_the_final_slices_matter_not_order_or_duplicates() => ForEveryCluster(cluster =>
    {
        ClusterTopology Relisted(IEnumerable<WatchEvent<EndpointSlice>> events) =>
            FoldCluster([.. events, Listed("999", cluster.Slices())])[^1];

        var folded = Relisted(cluster.Events);
        var fresh = FoldCluster(Listed("999", cluster.Slices()))[^1];
        var twice = Relisted(cluster.Events.SelectMany(e => new[] { e, e }));
        var oneByOne = FoldCluster([Listed("1"), .. cluster.Slices().Select(s => Added("2", s))])[^1];
        foreach (var other in new[] { folded, twice, oneByOne })
        {
            Assert.Equal(fresh, other);
            Assert.True(fresh.DiffFrom(other).IsEmpty);
            Assert.Equal(fresh.Names, other.Names);
            Assert.Equal(fresh.Services.Select(DeepEndpoints), other.Services.Select(DeepEndpoints));
            Assert.Equal(fresh.DiffFrom(null).Added.AsEnumerable(), other.DiffFrom(null).Added);
        }
    });

    [Fact]
    public void A_slice_that_changes_its_label_moves_and_without_a_label_belongs_to_no_Service()
    {
        var slice = Slice("a", Pod("p", "10.0.0.1"));
        var snapshots = FoldCluster(
            Listed("1", slice),
            Modified("2", slice with { Metadata = Meta("a", "web") }),
            Modified("3", slice with { Metadata = Meta("a", "") }),
            Modified("4", slice));
        Assert.Equal(
            ["prod/cache", "prod/web", "", "prod/cache"],
            snapshots.Select(s => string.Join(' ', s.Names)));
        var diff = snapshots[1].DiffFrom(snapshots[0]);
        Assert.Equal([_web], diff.Added.AsEnumerable());
        Assert.Equal([_cache], diff.Removed.AsEnumerable());
        Assert.Empty(diff.Updated);
        Assert.Equal("p", Assert.Single(snapshots[1][_web].Members));
        Assert.Empty(snapshots[1][_cache].Members);
        Assert.True(snapshots[1][_cache].Freshness.IsLive);
    }

    [Fact]
    public void An_interruption_makes_all_Services_stale_and_keeps_them()
    {
        var snapshots = FoldCluster(Listed("1", Slice("a", Pod("p", "10.0.0.1"))), Interrupted(), Resumed());
        Assert.Equal(["live", "stale", "live"], snapshots.Select(s => s.Freshness.ToString()));
        Assert.Equal(["live", "stale", "live"], snapshots.Select(s => s[_cache].Freshness.ToString()));
        Assert.True(snapshots[1].SameServices(snapshots[0]));
        Assert.NotEqual(snapshots[0], snapshots[1]);
        Assert.Equal(snapshots[0], snapshots[2]);
    }

    [Fact]
    public void Legacy_Endpoints_belong_to_the_Service_of_their_name()
    {
        LegacyEndpoints Of(string name) => new()
        {
            Metadata = new ObjectMeta { Name = name, Namespace = "prod" },
            Subsets = [new EndpointSubset { Addresses = [new("10.0.0.1")], Ports = [Http] }],
            IsTruncated = name == "web",
        };
        var cluster = Observable.Return<WatchEvent<LegacyEndpoints>>(new WatchEvent<LegacyEndpoints>.Listed([Of("web"), Of("cache")], "1"))
            .ToClusterTopology().Wait();
        Assert.Equal([_cache, _web], cluster.Names);
        Assert.Equal([false, true], cluster.Services.Select(s => s.IsTruncated));
    }

    [Fact]
    public void An_event_costs_in_proportion_to_what_it_changes_not_to_the_number_of_Services()
    {
        var small = CostOf(100);
        var large = CostOf(10_000);
        Assert.InRange(large.Change, 0, 8_000);
        Assert.InRange(large.Change, 0, small.Change * 2.5);
        Assert.InRange(large.Interruption, 0, 1_000);
        Assert.InRange(large.Diff, 0, 8_000);

        static (double Change, double Interruption, double Diff) CostOf(int services)
        {
            EndpointSlice Of(int service, string address) =>
                Slice($"s{service}", Pod("p", address)) with { Metadata = Meta($"s{service}", $"service{service}") };

            var fold = new ClusterFold<EndpointSlice>(ClaimKinds.EndpointSlices);
            var before = fold.Apply(Listed("1", [.. Enumerable.Range(0, services).Select(s => Of(s, "10.0.0.1"))]))!;
            var events = Enumerable.Range(0, 100).Select(i => Modified("2", Of(i, "10.0.0.2"))).ToList();
            var interruption = Interrupted();
            fold.Apply(events[0]);
            var after = before;
            var change = Allocated(() => events.ForEach(e => after = fold.Apply(e)!)) / events.Count;
            Assert.Equal(100, after.DiffFrom(before).Updated.Length);
            var diff = Allocated(() => after.DiffFrom(before)) / 100;
            return (change, Allocated(() => fold.Apply(interruption)), diff);
        }

        static double Allocated(Action action)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static ImmutableArray<ClusterTopology> FoldCluster(params IEnumerable<WatchEvent<EndpointSlice>> events) =>
        [.. events.ToObservable().ToClusterTopology().ToEnumerable()];

    private static void ForEveryCluster(Action<RandomCluster> holds) => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed => holds(new RandomCluster(seed, 30))).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    private static string DeepText(ServiceTopology t) =>
        $"{t.Namespace}/{t.Service} {t.Version} {t.Freshness} {t.LastChangeTriggerTime} {string.Join(',', t.Skipped)}\n{DeepEndpoints(t)}";

    private static string DeepEndpoints(ServiceTopology t) =>
        string.Join('\n', t.Endpoints);

    private static string DiffText(TopologyDiff diff) =>
        string.Join(' ', new[] { diff.Added, diff.Removed, diff.Updated }.Select(l =>
            string.Join(',', l.Select(c => $"{c.Member}{c.Inferred}"))));
}
