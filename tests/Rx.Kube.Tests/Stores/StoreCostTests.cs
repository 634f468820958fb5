using System.Reactive.Subjects;
using static Rx.Kube.Tests.Stores.Thing;

namespace Rx.Kube.Tests.Stores;

/// <summary>A change among very many objects costs what changed. In bytes and in calls, which do not depend on the machine.</summary>
public class StoreCostTests
{
    private const int Things = 10_000;
    private int _asked;

    [Fact]
    public void TenThousandOldSnapshots_CostTheirDifferencesAndNoMore()
    {
        using var source = new Subject<WatchEvent<Thing>>();
        var snapshots = new List<ResourceStore<Thing>>(Things + 1);
        using var subscription = source.ToStore(ByNode, ByTag).Subscribe(snapshots.Add);
        source.OnNext(Listed("1", [.. Enumerable.Range(0, Things).Select(i => Thing(i, "n0"))]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Things; i++)
        {
            source.OnNext(Modified("2", Thing(i, "n1")));
        }

        // What was never allocated is not held. A copy of all would be 80,000 bytes and more.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Things, 500, 8_000);
        Assert.Equal(Things / 2, snapshots[Things / 2].By(ByNode)["n1"].Count());
    }

    [Fact]
    public void AnOldSnapshot_HoldsNothingOfWhatHappensMuchLater()
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
    public void DiffAndEquality_LookOnlyWhereSomethingHappened()
    {
        using var source = new Subject<WatchEvent<Counted>>();
        var snapshots = new List<ResourceStore<Counted>>();
        using var subscription = source.ToStore().Subscribe(snapshots.Add);
        source.OnNext(new WatchEvent<Counted>.Listed([.. Enumerable.Range(0, Things).Select(i => new Counted(Thing(i, "n0"), this))], "1"));
        for (var i = 0; i < 10; i++)
        {
            source.OnNext(new WatchEvent<Counted>.Modified(new Counted(Thing(i, "n1"), this), "2"));
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

    private static Thing Thing(int i, string node) => Named(i.ToString(), node, "x");

    private sealed class Counted(Thing thing, StoreCostTests test) : Kube.IResource, IEquatable<Counted>
    {
        private readonly Thing _thing = thing;

        public Rx.Kube.Models.ObjectMeta Metadata => _thing.Metadata;

        public bool Equals(Counted? other)
        {
            test._asked++;
            return other is not null && _thing.Equals(other._thing);
        }

        public override bool Equals(object? obj) => Equals(obj as Counted);

        public override int GetHashCode() => _thing.GetHashCode();
    }
}
