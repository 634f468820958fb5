using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>Declares secondary indexes of a store.</summary>
public static class StoreIndex
{
    /// <summary>Declares an index in which an object has at most one key.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <typeparam name="TKey">The keys.</typeparam>
    /// <param name="key">Gets the key of an object; null for none. It must be pure: it is called again when the object is removed.</param>
    /// <param name="comparer">
    /// Compares keys; null for the default, whose hashes cannot be foreseen for strings, integers and Guids. Keys are values that the
    /// server sent, so a comparer should have such hashes too.
    /// </param>
    /// <returns>The index: pass it to <c>ToStore</c>, and to <see cref="ResourceStore{T}.By"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <example><code>
    /// static readonly StoreIndex&lt;Pod, string&gt; ByNode = StoreIndex.By((Pod pod) => pod.NodeName);
    /// </code></example>
    public static StoreIndex<T, TKey> By<T, TKey>(Func<T, TKey?> key, IEqualityComparer<TKey>? comparer = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        return new StoreIndex<T, TKey>(item => key(item) is { } k ? [k] : [], comparer);
    }

    /// <summary>Declares an index in which an object may have several keys.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <typeparam name="TKey">The keys.</typeparam>
    /// <param name="keys">
    /// Gets the keys of an object, none of them null. It must be pure: it is called again when the object is removed.
    /// </param>
    /// <param name="comparer">
    /// Compares keys; null for the default, whose hashes cannot be foreseen for strings, integers and Guids. Keys are values that the
    /// server sent, so a comparer should have such hashes too.
    /// </param>
    /// <returns>The index: pass it to <c>ToStore</c>, and to <see cref="ResourceStore{T}.By"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="keys"/> is null.</exception>
    public static StoreIndex<T, TKey> ByMany<T, TKey>(Func<T, IEnumerable<TKey>> keys, IEqualityComparer<TKey>? comparer = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(keys);
        return new StoreIndex<T, TKey>(keys, comparer);
    }
}

/// <summary>A secondary index of a store, with keys of any type. Created by <see cref="StoreIndex"/>.</summary>
/// <typeparam name="T">The objects.</typeparam>
public abstract class StoreIndex<T>
{
    private protected StoreIndex()
    {
    }

    /// <summary>Gets the groups of an empty store.</summary>
    internal abstract StoreGroups<T> Empty { get; }
}

/// <summary>
/// A secondary index of a store: declared once, then used for lookups. Created by <see cref="StoreIndex"/>. It holds no objects.
/// </summary>
/// <typeparam name="T">The objects.</typeparam>
/// <typeparam name="TKey">The keys.</typeparam>
public sealed class StoreIndex<T, TKey> : StoreIndex<T>
    where TKey : notnull
{
    internal StoreIndex(Func<T, IEnumerable<TKey>> keys, IEqualityComparer<TKey>? comparer) =>
        (KeysOf, Comparer) = (keys, comparer ?? KeyedComparer<TKey>.Instance);

    internal Func<T, IEnumerable<TKey>> KeysOf { get; }

    internal IEqualityComparer<TKey> Comparer { get; }

    internal override StoreGroups<T> Empty =>
        new StoreGroups<T, TKey>(this, ImmutableDictionary.Create<TKey, ImmutableSortedSet<ResourceKey>>(Comparer));
}
