using System.Collections.Immutable;
using Rx.Kube.Resources;
using Rx.Kube.Watching;

namespace Rx.Kube.Stores;

/// <summary>The state of one subscription to <c>ToStore</c>: event in, snapshot out. One thread at a time.</summary>
internal sealed class StoreFold<T>(Func<T, ObjectMeta> metadata, ImmutableArray<StoreIndex<T>> indexes)
{
    private readonly SortedDictionary<ResourceKey, SkippedObject> _skipped = [];
    private readonly List<StoreStep<T>> _steps = [];
    private ImmutableSortedDictionary<ResourceKey, StoredObject<T>> _items = ImmutableSortedDictionary<ResourceKey, StoredObject<T>>.Empty;
    private ImmutableArray<StoreGroups<T>> _indexes = [.. indexes.Select(i => i.Empty)];
    private ImmutableArray<SkippedObject> _skippedNow = [];
    private StoreHistory _history = new();
    private Freshness _freshness = new Freshness.Syncing();
    private string _version = "";
    private object? _list;

    /// <summary>Takes an event.</summary>
    /// <returns>The snapshot after it; null if the event gives none.</returns>
    public ResourceStore<T>? Apply(WatchEvent<T> next)
    {
        switch (next)
        {
            case WatchEvent<T>.Listed listed:
                (_version, _freshness, _list) = (listed.ResourceVersion, Freshness.Live.Instance, new object());
                Replace(listed);
                break;
            case WatchEvent<T>.Added(var item, var version):
                Advance(version);
                Put(item);
                break;
            case WatchEvent<T>.Modified(var item, var version):
                Advance(version);
                Put(item);
                break;
            case WatchEvent<T>.Deleted(var item, var version):
                Advance(version);
                Drop(ResourceKey.Of(MetadataOf(item)));
                break;
            case WatchEvent<T>.Skipped(var skipped, var version) { IsDeletion: false }:
                Advance(version);
                _skipped[ResourceKey.Of(skipped)] = skipped;
                _skippedNow = [.. _skipped.Values];
                break;
            case WatchEvent<T>.Skipped(var skipped, var version):
                Advance(version);
                Drop(ResourceKey.Of(skipped));
                break;
            case WatchEvent<T>.Interrupted(var interruption):
                _freshness = _freshness.IsSynced ? new Freshness.Stale(interruption) : new Freshness.Syncing(interruption);
                break;
            case WatchEvent<T>.Resumed:
                _freshness = _freshness.IsSynced ? Freshness.Live.Instance : new Freshness.Syncing();
                break;
            case WatchEvent<T>.Bookmark(var version):
                Advance(version);
                return null;
            default:
                return null;
        }

        Settle();
        return new ResourceStore<T>(_freshness.IsSynced ? _version : "", _freshness, _items, _indexes, _skippedNow, _history, _list);
    }

    // A deletion, or a bookmark, may come with an older version; only a list may go back, and then the server itself did.
    private void Advance(string version) => _version = ResourceVersion.IsOlder(version, than: _version) ? _version : version;

    private void Replace(WatchEvent<T>.Listed listed)
    {
        var items = _items.ToBuilder();
        var listedKeys = new HashSet<ResourceKey>(listed.Items.Length);
        foreach (var item in listed.Items)
        {
            listedKeys.Add(Put(items, item));
        }

        _skipped.Clear();
        foreach (var skipped in listed.SkippedItems)
        {
            var key = ResourceKey.Of(skipped);
            _skipped[key] = skipped;
            listedKeys.Add(key);
        }

        _skippedNow = [.. _skipped.Values];
        foreach (var key in _items.Keys)
        {
            if (!listedKeys.Contains(key))
            {
                Drop(items, key);
            }
        }

        _items = items.ToImmutable();
    }

    private void Put(T item)
    {
        var items = _items.ToBuilder();
        var key = Put(items, item);
        _items = items.ToImmutable();
        Unskip(key);
    }

    private void Drop(ResourceKey key)
    {
        var items = _items.ToBuilder();
        Drop(items, key);
        _items = items.ToImmutable();
        Unskip(key);
    }

    private ResourceKey Put(ImmutableSortedDictionary<ResourceKey, StoredObject<T>>.Builder items, T item)
    {
        var now = new StoredObject<T>(item, MetadataOf(item));
        var key = ResourceKey.Of(now.Metadata);
        StoredObject<T>? before = items.TryGetValue(key, out var known) ? known : null;

        // The version counts here although it may be no content: who writes the object back needs the newest.
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

    private void Unskip(ResourceKey key)
    {
        if (_skipped.Count > 0 && _skipped.Remove(key))
        {
            _skippedNow = [.. _skipped.Values];
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
        metadata(item) ?? throw new InvalidOperationException($"The metadata function given to ToStore returned null for an object of type {typeof(T).Name}.");
}
