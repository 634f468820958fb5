using System.Collections;

namespace Rx.Kube;

/// <summary>An index of a snapshot, with the snapshot's objects.</summary>
internal sealed class StoreLookup<TKey, T>(ResourceStore<T> store, StoreGroups<T, TKey> index) : ILookup<TKey, T>
    where TKey : notnull
{
    public int Count => index.Groups.Count;

    public IEnumerable<T> this[TKey key] => index.Groups.TryGetValue(key, out var keys) ? keys.Select(k => store[k]) : [];

    public bool Contains(TKey key) => index.Groups.ContainsKey(key);

    public IEnumerator<IGrouping<TKey, T>> GetEnumerator() => index.Groups.Keys.Select(k => new Group(k, this[k])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Group(TKey key, IEnumerable<T> items) : IGrouping<TKey, T>
    {
        public TKey Key { get; } = key;

        public IEnumerator<T> GetEnumerator() => items.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
