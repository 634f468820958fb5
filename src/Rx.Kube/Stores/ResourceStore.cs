using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>
/// A complete snapshot of the objects of a watch at one version: by key, and by the indexes of the store. Immutable and thread-safe;
/// successive snapshots share unchanged parts. Enumerated in the order of the keys.
/// </summary>
/// <typeparam name="T">The objects.</typeparam>
/// <remarks>
/// Equality is by content: the objects, as far as their type compares content, which objects are skipped and why, and whether the store is
/// syncing, live or stale; not the version, the times, or the cause. Therefore, <c>DistinctUntilChanged()</c> passes only changes of
/// objects, of what cannot be decoded, and of freshness.
/// </remarks>
public sealed class ResourceStore<T> : ISnapshot, IReadOnlyDictionary<ResourceKey, T>, IEquatable<ResourceStore<T>>
{
    private readonly ImmutableSortedDictionary<ResourceKey, StoredObject<T>> _items;
    private readonly ImmutableArray<StoreGroups<T>> _indexes;
    private readonly StoreHistory _history;
    private readonly SkippedSet _skipped;

    // Identifies the list on which this stands: a change across two lists was inferred, not observed.
    private readonly ListMark? _list;

    internal ResourceStore(
        string version, Freshness freshness, ImmutableSortedDictionary<ResourceKey, StoredObject<T>> items,
        ImmutableArray<StoreGroups<T>> indexes, SkippedSet skipped, StoreHistory history, ListMark? list)
    {
        (Version, Freshness, _items, _indexes, _skipped, _history, _list) = (version, freshness, items, indexes, skipped, history, list);
    }

    /// <summary>Gets the resourceVersion of the server's state in this snapshot; empty while syncing. Opaque.</summary>
    public string Version { get; }

    /// <summary>Gets whether the snapshot is the current state of the server.</summary>
    public Freshness Freshness { get; }

    /// <summary>Gets how the list that this snapshot stands on relates to the state before it; <see cref="Continuity.First"/> while there
    /// is no list yet.</summary>
    public Continuity Continuity => _list?.Continuity ?? Continuity.First;

    /// <summary>
    /// Gets when the server was last heard: a handle whose age grows while the snapshot stays the same. It is no part of the equality.
    /// </summary>
    public WatchEvidence Evidence => _list?.Evidence ?? WatchEvidence.None;

    /// <summary>Gets the objects that could not be decoded: the snapshot has their last good state, or no state.</summary>
    public ImmutableArray<SkippedObject> Skipped => _skipped.Objects;

    /// <summary>Gets the number of objects.</summary>
    public int Count => _items.Count;

    /// <summary>Gets the keys of all objects, in order.</summary>
    public IEnumerable<ResourceKey> Keys => _items.Keys;

    /// <summary>Gets all objects, in the order of their keys.</summary>
    public IEnumerable<T> Values => _items.Select(i => i.Value.Item);

    /// <summary>Gets an object.</summary>
    /// <param name="key">The key of the object.</param>
    /// <exception cref="KeyNotFoundException">There is no object with this key.</exception>
    public T this[ResourceKey key] => _items[key].Item;

    /// <summary>Gets whether there is an object with a key.</summary>
    /// <param name="key">The key of the object.</param>
    /// <returns>True if there is.</returns>
    public bool ContainsKey(ResourceKey key) => _items.ContainsKey(key);

    /// <summary>Looks an object up.</summary>
    /// <param name="key">The key of the object.</param>
    /// <param name="value">The object; the default if there is none.</param>
    /// <returns>True if there is an object with this key.</returns>
    public bool TryGetValue(ResourceKey key, [MaybeNullWhen(false)] out T value)
    {
        var found = _items.TryGetValue(key, out var stored);
        value = stored.Item;
        return found;
    }

    /// <summary>Gets the objects by the keys of an index; under each key in the order of the objects' own keys.</summary>
    /// <typeparam name="TKey">The keys of the index.</typeparam>
    /// <param name="index">An index that was passed to <c>ToStore</c>.</param>
    /// <returns>The lookup of this snapshot. Immutable. The keys of the index are in no particular order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="index"/> is null.</exception>
    /// <exception cref="ArgumentException">The store does not have this index.</exception>
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

        throw new ArgumentException("The store does not have this index. To fix: pass the index to ToStore.", nameof(index));
    }

    /// <summary>
    /// Gets what changed since an earlier snapshot. The cost is O(1) when nothing changed; otherwise it is proportional to the changes in
    /// between, and at most to the number of objects.
    /// </summary>
    /// <param name="previous">The earlier snapshot; null for none, so that every object is added.</param>
    /// <returns>
    /// The difference; <see cref="StoreDiff{T}.Empty"/> when no object changed. An object with another uid under the same key counts as
    /// removed and added. The changes are inferred if a new list other than the first came in between, or if the snapshots belong to
    /// different subscriptions: such changes were found by comparison, and happened at an unknown time between the two snapshots.
    /// </returns>
    public StoreDiff<T> DiffFrom(ResourceStore<T>? previous) => previous is null
        ? StoreDiffer.Diff(_items.Select(i => new StoreStep<T>(i.Key, null, i.Value)), inferred: false)
        : StoreDiffer.Diff(DifferencesFrom(previous), inferred: previous._list is not null && !ReferenceEquals(previous._list, _list));

    /// <summary>Gets whether the objects are equal to those of another snapshot, regardless of version and freshness.</summary>
    /// <param name="other">The other snapshot.</param>
    /// <returns>True if they are equal.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    public bool SameObjects(ResourceStore<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Count == other.Count && !DifferencesFrom(other).Any();
    }

    /// <inheritdoc/>
    public bool Equals(ResourceStore<T>? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Freshness.GetType() == other.Freshness.GetType()
         && _skipped.SameReasons(other._skipped) && SameObjects(other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ResourceStore<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, Freshness.GetType());

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<ResourceKey, T>> GetEnumerator() =>
        _items.Select(i => KeyValuePair.Create(i.Key, i.Value.Item)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Gets what differs from another snapshot, in the order of the keys.</summary>
    internal IEnumerable<StoreStep<T>> DifferencesFrom(ResourceStore<T> other) => ReferenceEquals(_items, other._items)
        ? []
        : StoreDiffer.Differences(other._items, _items, StoreHistory.Between(other._history, _history));
}
