using System.Collections.Immutable;
using System.Reactive.Linq;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>The state of one subscription to <c>ToStore</c>: applies events and returns snapshots. Used by one thread at a time.</summary>
internal sealed class StoreFold<T>(Func<T, ObjectMeta> metadata, ImmutableArray<StoreIndex<T>> indexes) : WatchFold<T>
{
    private readonly List<StoreStep<T>> _steps = [];
    private ImmutableSortedDictionary<ResourceKey, StoredObject<T>> _items = ImmutableSortedDictionary<ResourceKey, StoredObject<T>>.Empty;
    private ImmutableArray<StoreGroups<T>> _indexes = [.. indexes.Select(i => i.Empty)];
    private StoreHistory _history = new();

    public static IObservable<ResourceStore<T>> Create(
        IObservable<WatchEvent<T>> source, Func<T, ObjectMeta> metadata, ImmutableArray<StoreIndex<T>> indexes) =>
        Observable.Defer(() => source.Select(new StoreFold<T>(metadata, indexes).Apply).Where(s => s is not null).Select(s => s!));

    /// <summary>Takes an event.</summary>
    /// <returns>The snapshot after the event; null if the event emits none.</returns>
    private ResourceStore<T>? Apply(WatchEvent<T> next)
    {
        if (!Take(next))
        {
            return null;
        }

        Settle();
        return new ResourceStore<T>(Version, Phase.Freshness, _items, _indexes, Skipped, _history, Phase.List);
    }

    protected override ResourceKey KeyOf(T item) => ResourceKey.Of(MetadataOf(item));

    protected override void Replace(ImmutableArray<T> items, IReadOnlyCollection<ResourceKey> kept)
    {
        var now = _items.ToBuilder();
        var listed = new HashSet<ResourceKey>(kept);
        foreach (var item in items)
        {
            listed.Add(Put(now, item));
        }

        foreach (var key in _items.Keys)
        {
            if (!listed.Contains(key))
            {
                Drop(now, key);
            }
        }

        _items = now.ToImmutable();
    }

    protected override ResourceKey Put(T item)
    {
        var items = _items.ToBuilder();
        var key = Put(items, item);
        _items = items.ToImmutable();
        return key;
    }

    protected override void Drop(ResourceKey key)
    {
        var items = _items.ToBuilder();
        Drop(items, key);
        _items = items.ToImmutable();
    }

    private ResourceKey Put(ImmutableSortedDictionary<ResourceKey, StoredObject<T>>.Builder items, T item)
    {
        var now = new StoredObject<T>(item, MetadataOf(item));
        var key = ResourceKey.Of(now.Metadata);
        StoredObject<T>? before = items.TryGetValue(key, out var known) ? known : null;

        // The version counts here although it may not be content: writing an object back needs its newest version.
        if (before is null || known.Metadata.ResourceVersion != now.Metadata.ResourceVersion || !known.SameAs(now))
        {
            items[key] = now;
            _steps.Add(new(key, before, now));
        }

        return key;
    }

    private void Drop(ImmutableSortedDictionary<ResourceKey, StoredObject<T>>.Builder items, ResourceKey key)
    {
        if (items.TryGetValue(key, out var gone))
        {
            items.Remove(key);
            _steps.Add(new(key, gone, null));
        }
    }

    private void Settle()
    {
        if (_steps.Count == 0)
        {
            return;
        }

        if (!_indexes.IsEmpty)
        {
            _indexes = [.. _indexes.Select(i => i.Apply(_steps))];
        }

        _history = _history.Append([.. _steps.Select(s => s.Key)], _items.Count);
        _steps.Clear();
    }

    private ObjectMeta MetadataOf(T item) =>
        metadata(item) ?? throw new InvalidOperationException(
            $"The metadata function given to ToStore returned null for an object of type {typeof(T).Name}.");
}
