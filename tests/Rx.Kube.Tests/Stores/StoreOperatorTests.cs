using System.Reactive.Linq;
using static Rx.Kube.Tests.Stores.FakeResource;

namespace Rx.Kube.Tests.Stores;

/// <summary>Stores have the operators that topologies have.</summary>
public sealed class StoreOperatorTests
{
    private static readonly IObservable<ResourceStore<FakeResource>> _history = new[]
    {
        Interrupted(), Listed("1"), Listed("2", Named("a")), Modified("3", Named("a", version: "3")), Modified("4", Named("a", "n1")),
        Interrupted(), Listed("5"),
    }.ToObservable().ToStore();

    [Fact]
    public void WhereSynced_skips_what_is_not_known_yet() =>
        Assert.Equal(["1", "2", "3", "4", "4", "5"], _history.WhereSynced().Select(s => s.Version).ToEnumerable());

    [Fact]
    public void DistinctUntilObjectsChanged_passes_changes_of_objects_and_the_first_list() =>
        Assert.Equal(["", "1", "2", "4", "5"], _history.DistinctUntilObjectsChanged().Select(s => s.Version).ToEnumerable());

    [Fact]
    public void Changes_are_what_was_added_updated_and_removed() =>
        Assert.Equal(
            ["+a", "~a", "-a"],
            _history.Changes().Select(c => string.Concat(
                c.Added.Select(a => $"+{a.Key.Name}").Concat(c.Updated.Select(u => $"~{u.Key.Name}"))
                    .Concat(c.Removed.Select(r => $"-{r.Key.Name}")))).ToEnumerable());
}
