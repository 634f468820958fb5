using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Testing;
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
    public void Settle_passes_the_last_store_of_a_burst_once_it_is_quiet()
    {
        var clock = new VirtualClock();
        var events = new Subject<WatchEvent<FakeResource>>();
        var seen = new List<(long Frame, string Version)>();
        using var subscription = events.ToStore().Settle(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), clock)
            .Subscribe(s => seen.Add((clock.Frame(), s.Version)));
        events.OnNext(Listed("1", Named("a")));
        events.OnNext(Modified("2", Named("a", "n1")));
        clock.AdvanceTo(TimeSpan.FromMilliseconds(500));
        events.OnNext(Modified("3", Named("a", "n2")));
        clock.AdvanceTo(TimeSpan.FromSeconds(5));

        Assert.Equal([(1500, "3")], seen);
    }

    [Fact]
    public async Task FirstSyncedAsync_gives_the_first_complete_store()
    {
        var clock = new VirtualClock();
        var events = new Subject<WatchEvent<FakeResource>>();
        var first = events.ToStore().FirstSyncedAsync(TimeSpan.FromSeconds(10), clock);
        events.OnNext(Interrupted());
        Assert.False(first.IsCompleted);
        events.OnNext(Listed("1", Named("a")));

        var store = await first;
        Assert.Equal(("1", "a"), (store.Version, Assert.Single(store).Key.Name));
        Assert.False(events.HasObservers);
    }

    [Fact]
    public void Changes_are_what_was_added_updated_and_removed() =>
        Assert.Equal(
            ["+a", "~a", "-a"],
            _history.Changes().Select(c => string.Concat(
                c.Added.Select(a => $"+{a.Key.Name}").Concat(c.Updated.Select(u => $"~{u.Key.Name}"))
                    .Concat(c.Removed.Select(r => $"-{r.Key.Name}")))).ToEnumerable());
}
