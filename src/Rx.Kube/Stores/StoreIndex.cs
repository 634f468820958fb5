using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>Declares secondary indexes of a store.</summary>
public static class StoreIndex
{
    /// <summary>An index in which an object stands under one key, or under none.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <typeparam name="TKey">The keys.</typeparam>
    /// <param name="key">The key of an object; null for none. It must depend on the object alone: it is asked again when the object goes.</param>
    /// <param name="comparer">Which keys are the same; null for the default.</param>
    /// <returns>The index: hand it to <c>ToStore</c>, and to <see cref="ResourceStore{T}.By"/>.</returns>
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

    /// <summary>An index in which an object may stand under several keys.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <typeparam name="TKey">The keys.</typeparam>
    /// <param name="keys">The keys of an object, none of them null. They must depend on the object alone: they are asked again when the object goes.</param>
    /// <param name="comparer">Which keys are the same; null for the default.</param>
    /// <returns>The index: hand it to <c>ToStore</c>, and to <see cref="ResourceStore{T}.By"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="keys"/> is null.</exception>
    public static StoreIndex<T, TKey> ByMany<T, TKey>(Func<T, IEnumerable<TKey>> keys, IEqualityComparer<TKey>? comparer = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(keys);
        return new StoreIndex<T, TKey>(keys, comparer);
    }
}

/// <summary>A secondary index of a store, whatever its keys are. Made by <see cref="StoreIndex"/>.</summary>
/// <typeparam name="T">The objects.</typeparam>
public abstract class StoreIndex<T>
{
    private protected StoreIndex()
    {
    }

    /// <summary>The groups of no objects.</summary>
    internal abstract StoreGroups<T> Empty { get; }
}

/// <summary>A secondary index of a store: declared once, then used to look up. Made by <see cref="StoreIndex"/>. It holds no objects.</summary>
/// <typeparam name="T">The objects.</typeparam>
/// <typeparam name="TKey">The keys.</typeparam>
public sealed class StoreIndex<T, TKey> : StoreIndex<T>
    where TKey : notnull
{
    internal StoreIndex(Func<T, IEnumerable<TKey>> keys, IEqualityComparer<TKey>? comparer) =>
        (KeysOf, Comparer) = (keys, comparer ?? EqualityComparer<TKey>.Default);

    internal Func<T, IEnumerable<TKey>> KeysOf { get; }

    internal IEqualityComparer<TKey> Comparer { get; }

    internal override StoreGroups<T> Empty =>
        new StoreGroups<T, TKey>(this, ImmutableDictionary.Create<TKey, ImmutableSortedSet<ResourceKey>>(Comparer));
}
