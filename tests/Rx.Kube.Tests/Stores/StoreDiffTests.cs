using System.Reactive.Linq;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Stores.FakeResource;

namespace Rx.Kube.Tests.Stores;

public class StoreDiffTests
{
    [Fact]
    public void Every_object_is_added_from_nothing_and_not_inferred()
    {
        var snapshots = Fold(Interrupted(), Listed("1", Named("b"), Named("a")));
        Assert.Equal("+a +b", Show(snapshots[1].DiffFrom(null)));
        Assert.Equal("+a +b", Show(snapshots[1].DiffFrom(snapshots[0])));
    }

    [Fact]
    public void Events_give_the_observed_changes_with_the_objects_before_and_after()
    {
        var snapshots = Fold(
            Listed("1", Named("a"), Named("b")), Modified("2", Named("a", "n1")), Added("3", Named("c")), Deleted("4", Named("b")));
        Assert.Equal(["~a", "+c", "-b"], snapshots.Skip(1).Zip(snapshots, (now, before) => Show(now.DiffFrom(before))));
        var diff = snapshots[3].DiffFrom(snapshots[0]);
        Assert.Equal("+c -b ~a", Show(diff));
        Assert.Equal((null, "n1"), (diff.Updated[0].Previous!.Node, diff.Updated[0].Current!.Node));
        Assert.Null(diff.Added[0].Previous);
        Assert.Null(diff.Removed[0].Current);
    }

    [Fact]
    public void A_change_that_is_undone_is_no_difference()
    {
        var snapshots = Fold(
            Listed("1", Named("a")), Modified("2", Named("a", "n1")), Added("3", Named("b")), Modified("4", Named("a")),
            Deleted("5", Named("b")));
        Assert.Same(StoreDiff<FakeResource>.Empty, snapshots[^1].DiffFrom(snapshots[0]));
        Assert.True(snapshots[^1].Equals(snapshots[0]));
    }

    [Fact]
    public void A_deletion_during_a_gap_is_one_inferred_removal()
    {
        var snapshots = Fold(
            Listed("1", Named("a"), Named("b")), Interrupted(), Listed("9", Named("a")), Modified("10", Named("a", "n1")));
        Assert.Equal(["", "-b?", "~a"], snapshots.Skip(1).Zip(snapshots, (now, before) => Show(now.DiffFrom(before))));
    }

    [Fact]
    public void Another_uid_under_the_same_name_is_a_removal_and_an_addition()
    {
        var (old, young) = (Named("a", "n1"), Named("a", "n1", uid: "u2"));
        var diff = Fold(Listed("1", old), Modified("2", young)) is [var before, var now] ? now.DiffFrom(before) : null!;
        Assert.Equal("+a -a", Show(diff));
        Assert.Equal((old, young), (diff.Removed[0].Previous, diff.Added[0].Current));
    }

    [Fact]
    public void Another_uid_is_another_object_even_for_a_type_that_does_not_compare_it()
    {
        WatchEvent<Bare>[] events =
            [new WatchEvent<Bare>.Listed([new("a", "u1")], "1"), new WatchEvent<Bare>.Modified(new("a", "u2"), "2")];
        var snapshots = events.ToObservable().ToStore(b => new ObjectMeta { Name = b.Name, Uid = b.Uid }).ToEnumerable().ToList();
        var diff = snapshots[1].DiffFrom(snapshots[0]);
        Assert.Equal((1, 1, 0), (diff.Added.Length, diff.Removed.Length, diff.Updated.Length));
        Assert.False(snapshots[1].Equals(snapshots[0]));
    }

    [Fact]
    public void Changes_between_two_subscriptions_are_inferred()
    {
        var (one, other) = (Fold(Listed("1", Named("a")))[0], Fold(Listed("1", Named("b")))[0]);
        Assert.Equal("+b? -a?", Show(other.DiffFrom(one)));
        Assert.False(one.Equals(other));
        Assert.True(one.Equals(Fold(Listed("7", Named("a")))[0]));
    }

    [Fact]
    public void Equality_compares_freshness_but_not_its_cause_or_the_version()
    {
        var snapshots = Fold(Listed("1", Named("a")), Modified("2", Named("a")), Interrupted(), Interrupted(), Resumed());
        Assert.True(snapshots[0].Equals(snapshots[1]));
        Assert.False(snapshots[1].Equals(snapshots[2]));
        Assert.True(snapshots[2].Equals(snapshots[3]));
        Assert.True(snapshots[4].Equals((object)snapshots[0]));
        Assert.False(snapshots[0].Equals(null));
        Assert.Throws<ArgumentNullException>(() => snapshots[0].SameObjects(null!));
    }

    [Fact]
    public void Differences_are_equal_by_content()
    {
        Assert.Equal(Diff("n1"), Diff("n1"));
        Assert.Equal(Diff("n1").GetHashCode(), Diff("n1").GetHashCode());
        Assert.NotEqual(Diff("n1"), Diff("n2"));
        Assert.NotEqual(Diff("n1"), StoreDiff<FakeResource>.Empty);

        static StoreDiff<FakeResource> Diff(string node)
        {
            var snapshots = Fold(Listed("1", Named("a"), Named("b")), Modified("2", Named("a", node)), Deleted("3", Named("b")));
            return snapshots[^1].DiffFrom(snapshots[0]);
        }
    }

    private sealed record Bare(string Name, string Uid)
    {
        public bool Equals(Bare? other) => Name == other?.Name;

        public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
    }
}
