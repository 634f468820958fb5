using System.Reactive.Linq;
using static Rx.Kube.Tests.Stores.FakeResource;

namespace Rx.Kube.Tests.Stores;

public class StoreIndexTests
{
    [Fact]
    public void An_object_is_under_its_keys_and_moves_with_them()
    {
        var snapshots = Fold(
            Listed("1", Named("b", "n1", "xy"), Named("a", "n1", "x"), Named("c")),
            Modified("2", Named("a", "n2", "y")), Deleted("3", Named("b")), Modified("4", Named("a")));
        Assert.Equal(["a b", "b", "", ""], snapshots.Select(s => Names(s.By(ByNode)["n1"])));
        Assert.Equal(["", "a", "a", ""], snapshots.Select(s => Names(s.By(ByNode)["n2"])));
        Assert.Equal(["a b", "b", "", ""], snapshots.Select(s => Names(s.By(ByTag)['x'])));
        Assert.Equal(["b", "a b", "a", ""], snapshots.Select(s => Names(s.By(ByTag)['y'])));
        Assert.Equal([1, 2, 1, 0], snapshots.Select(s => s.By(ByNode).Count));
        Assert.Equal([true, true, false, false], snapshots.Select(s => s.By(ByNode).Contains("n1")));
    }

    [Fact]
    public void The_index_gives_the_current_object_when_it_changed_and_kept_its_key()
    {
        var last = Fold(Listed("1", Named("a", "n1", "x")), Modified("2", Named("a", "n1", "y")))[^1];
        Assert.Equal("y", Assert.Single(last.By(ByNode)["n1"]).Tags);
    }

    [Fact]
    public void A_duplicate_key_counts_once()
    {
        var snapshots = Fold(Listed("1", Named("a", tags: "xx")), Modified("2", Named("a", tags: "xxx")), Modified("3", Named("a")));
        Assert.Equal(["a", "a", ""], snapshots.Select(s => Names(s.By(ByTag)['x'])));
    }

    [Fact]
    public void The_comparer_decides_which_keys_are_equal()
    {
        var byNode = StoreIndex.By((FakeResource t) => t.Node, StringComparer.OrdinalIgnoreCase);
        var store = Observable.Return(Listed("1", Named("a", "N1"), Named("b", "n1"))).ToStore(byNode).Wait();
        Assert.Equal("a b", Names(store.By(byNode)["n1"]));
        Assert.Single(store.By(byNode));
    }

    [Fact]
    public void Keys_may_be_of_any_type_including_value_types()
    {
        var byLength = StoreIndex.By((FakeResource t) => t.Tags.Length);
        var store = Observable.Return(Listed("1", Named("a"), Named("b", tags: "xy"))).ToStore(byLength).Wait();
        Assert.Equal("a", Names(store.By(byLength)[0]));
        Assert.Equal("b", Names(store.By(byLength)[2]));
    }

    [Fact]
    public void An_index_that_the_store_does_not_have_is_refused()
    {
        var store = Fold(Listed("1"))[0];
        Assert.Throws<ArgumentException>(() => store.By(StoreIndex.By((FakeResource t) => t.Node)));
        Assert.Throws<ArgumentNullException>(() => store.By<string>(null!));
    }

    private static string Names(IEnumerable<FakeResource> resources) => string.Join(' ', resources.Select(t => t.Metadata.Name));
}
