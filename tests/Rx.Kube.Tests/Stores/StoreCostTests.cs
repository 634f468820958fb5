using System.Reactive.Subjects;
using static Rx.Kube.Tests.Stores.FakeResource;

namespace Rx.Kube.Tests.Stores;

/// <summary>A change among very many objects costs what changed, in bytes and in calls, which do not depend on the machine.</summary>
public class StoreCostTests
{
    private const int Count = 10_000;
    private int _asked;

    [Fact]
    public void Ten_thousand_old_snapshots_cost_only_their_differences()
    {
        using var source = new Subject<WatchEvent<FakeResource>>();
        var snapshots = new List<ResourceStore<FakeResource>>(Count + 1);
        using var subscription = source.ToStore(ByNode, ByTag).Subscribe(snapshots.Add);
        source.OnNext(Listed("1", [.. Enumerable.Range(0, Count).Select(i => Numbered(i, "n0"))]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Count; i++)
        {
            source.OnNext(Modified("2", Numbered(i, "n1")));
        }

        // Memory that was never allocated is not held. A copy of all objects would be 80,000 bytes and more.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Count, 500, 8_000);
        Assert.Equal(Count / 2, snapshots[Count / 2].By(ByNode)["n1"].Count());
    }

    [Fact]
    public void An_old_snapshot_does_not_keep_much_later_steps_alive()
    {
        var (first, last) = Grow();
        GC.Collect();
        Assert.False(last.TryGetTarget(out _));
        Assert.Null(StoreHistory.Between(first, new StoreHistory()));

        static (StoreHistory First, WeakReference<StoreHistory> Last) Grow()
        {
            var first = new StoreHistory();
            var last = first;
            for (var i = 0; i < 1_000; i++)
            {
                last = last.Append([new ResourceKey("a")], size: 1);
            }

            return (first, new WeakReference<StoreHistory>(last));
        }
    }

    [Fact]
    public void Diff_and_equality_compare_only_touched_objects()
    {
        using var source = new Subject<WatchEvent<Counted>>();
        var snapshots = new List<ResourceStore<Counted>>();
        using var subscription = source.ToStore().Subscribe(snapshots.Add);
        var all = Enumerable.Range(0, Count).Select(i => new Counted(Numbered(i, "n0"), this));
        source.OnNext(new WatchEvent<Counted>.Listed([.. all], "1"));
        for (var i = 0; i < 10; i++)
        {
            source.OnNext(new WatchEvent<Counted>.Modified(new Counted(Numbered(i, "n1"), this), "2"));
        }

        _asked = 0;
        Assert.Equal(10, snapshots[^1].DiffFrom(snapshots[0]).Updated.Length);
        Assert.Equal(10, _asked);
        Assert.False(snapshots[^1].Equals(snapshots[^2]));
        Assert.Equal(11, _asked);
        source.OnNext(new WatchEvent<Counted>.Interrupted(Topology.TopologyTestData.Interruption));
        source.OnNext(new WatchEvent<Counted>.Resumed());
        Assert.True(snapshots[^1].Equals(snapshots[^3]));
        Assert.Equal(11, _asked);
    }

    private static FakeResource Numbered(int i, string node) => Named(i.ToString(), node, "x");

    private sealed class Counted(FakeResource resource, StoreCostTests test) : Kube.IResource, IEquatable<Counted>
    {
        private readonly FakeResource _resource = resource;

        public Rx.Kube.Models.ObjectMeta Metadata => _resource.Metadata;

        public bool Equals(Counted? other)
        {
            test._asked++;
            return other is not null && _resource.Equals(other._resource);
        }

        public override bool Equals(object? obj) => Equals(obj as Counted);

        public override int GetHashCode() => _resource.GetHashCode();
    }
}
