using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>
/// The objects of a watch, complete, at one version: by key, and by the indexes the store was made with. Immutable and safe on any
/// thread; successive snapshots share what did not change. Enumerated in the order of the keys.
/// </summary>
/// <typeparam name="T">The objects.</typeparam>
/// <remarks>
/// Equality is by content: the objects, as far as their type compares content, and which of syncing, live or stale the store is; not
/// the version, the times, or the cause. So <c>DistinctUntilChanged()</c> passes real changes and changes of freshness, and nothing else.
/// </remarks>
public sealed class ResourceStore<T> : IReadOnlyDictionary<ResourceKey, T>, IEquatable<ResourceStore<T>>
{
    private readonly ImmutableSortedDictionary<ResourceKey, StoredObject<T>> _items;
    private readonly ImmutableArray<StoreGroups<T>> _indexes;
    private readonly StoreHistory _history;

    // Which complete list this stands on: a change across two lists was inferred, not seen.
    private readonly object? _list;

    internal ResourceStore(
        string version, Freshness freshness, ImmutableSortedDictionary<ResourceKey, StoredObject<T>> items,
        ImmutableArray<StoreGroups<T>> indexes, ImmutableArray<SkippedObject> skipped, StoreHistory history, object? list)
    {
        (Version, Freshness, _items, _indexes, Skipped, _history, _list) = (version, freshness, items, indexes, skipped, history, list);
    }

    /// <summary>The resourceVersion of the server's state that this is; empty while syncing. Opaque.</summary>
    public string Version { get; }

    /// <summary>Whether this is the server's state of now.</summary>
    public Freshness Freshness { get; }

    /// <summary>Objects that could not be decoded: for them this is the state before, or nothing.</summary>
    public ImmutableArray<SkippedObject> Skipped { get; }

    /// <summary>How many objects there are.</summary>
    public int Count => _items.Count;

    /// <summary>The keys of all objects, in order.</summary>
    public IEnumerable<ResourceKey> Keys => _items.Keys;

    /// <summary>All objects, in the order of their keys.</summary>
    public IEnumerable<T> Values => _items.Select(i => i.Value.Item);

    /// <summary>An object.</summary>
    /// <param name="key">Which.</param>
    /// <exception cref="KeyNotFoundException">It is not there.</exception>
    public T this[ResourceKey key] => _items[key].Item;

    /// <summary>Whether an object is there.</summary>
    /// <param name="key">Which.</param>
    /// <returns>True if it is.</returns>
    public bool ContainsKey(ResourceKey key) => _items.ContainsKey(key);

    /// <summary>Looks for an object.</summary>
    /// <param name="key">Which.</param>
    /// <param name="value">The object; the default if it is not there.</param>
    /// <returns>True if it is there.</returns>
    public bool TryGetValue(ResourceKey key, [MaybeNullWhen(false)] out T value)
    {
        var found = _items.TryGetValue(key, out var stored);
        value = stored.Item;
        return found;
    }

    /// <summary>The objects by the keys of an index; under each key in the order of the objects' own keys.</summary>
    /// <typeparam name="TKey">The keys of the index.</typeparam>
    /// <param name="index">An index that was given to <c>ToStore</c>.</param>
    /// <returns>The lookup: of this snapshot, as immutable as it is. The index's keys are in no particular order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="index"/> is null.</exception>
    /// <exception cref="ArgumentException">The store was made without this index.</exception>
    public ILookup<TKey, T> By<TKey>(StoreIndex<T, TKey> index)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(index);
        foreach (var candidate in _indexes)
        {
            if (candidate is StoreGroups<T, TKey> groups && ReferenceEquals(groups.Index, index))
            {
                return new StoreLookup<TKey, T>(this, groups);
            }
        }

        throw new ArgumentException("The store was made without this index: hand it to ToStore.", nameof(index));
    }

    /// <summary>
    /// What changed since an earlier snapshot. At once when nothing did; else it costs as much as has happened in between, and at
    /// most as much as there are objects.
    /// </summary>
    /// <param name="previous">The earlier snapshot; null for none: then every object is added.</param>
    /// <returns>
    /// The difference; <see cref="StoreDiff{T}.Empty"/> when no object changed. An object with another uid under the same key was removed
    /// and added. The changes are inferred if a new list came in between, other than the first, or if the snapshots are of two
    /// subscriptions: then they were found by comparing, and happened some time since.
    /// </returns>
    public StoreDiff<T> DiffFrom(ResourceStore<T>? previous) => previous is null
        ? StoreDiffer.Diff(_items.Select(i => new StoreStep<T>(i.Key, null, i.Value)), inferred: false)
        : StoreDiffer.Diff(DifferencesFrom(previous), inferred: previous._list is not null && !ReferenceEquals(previous._list, _list));

    /// <summary>Whether the objects are the same, whatever version and freshness say.</summary>
    /// <param name="other">Another snapshot.</param>
    /// <returns>True if they are.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    public bool SameObjects(ResourceStore<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Count == other.Count && !DifferencesFrom(other).Any();
    }

    /// <inheritdoc/>
    public bool Equals(ResourceStore<T>? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Freshness.GetType() == other.Freshness.GetType() && SameObjects(other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ResourceStore<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, Freshness.GetType());

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<ResourceKey, T>> GetEnumerator() =>
        _items.Select(i => KeyValuePair.Create(i.Key, i.Value.Item)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>What differs from another snapshot, in the order of the keys.</summary>
    internal IEnumerable<StoreStep<T>> DifferencesFrom(ResourceStore<T> other) => ReferenceEquals(_items, other._items)
        ? []
        : StoreDiffer.Differences(other._items, _items, StoreHistory.Between(other._history, _history));
}
