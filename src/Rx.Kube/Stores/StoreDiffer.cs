using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>Compares two snapshots of a store.</summary>
internal static class StoreDiffer
{
    /// <summary>Gets the objects that differ, in the order of their keys.</summary>
    /// <param name="previous">The objects before.</param>
    /// <param name="current">The objects now.</param>
    /// <param name="touched">The keys at which they may differ, in order; null for all.</param>
    public static IEnumerable<StoreStep<T>> Differences<T>(
        ImmutableSortedDictionary<ResourceKey, StoredObject<T>> previous, ImmutableSortedDictionary<ResourceKey, StoredObject<T>> current,
        SortedSet<ResourceKey>? touched)
    {
        touched ??= [.. previous.Keys, .. current.Keys];
        foreach (var key in touched)
        {
            var had = previous.TryGetValue(key, out var before);
            var has = current.TryGetValue(key, out var now);
            if (had != has || (has && !before.SameAs(now)))
            {
                yield return new(key, had ? before : null, has ? now : null);
            }
        }
    }

    /// <summary>Sorts differences into additions, removals and updates.</summary>
    public static StoreDiff<T> Diff<T>(IEnumerable<StoreStep<T>> differences, bool inferred)
    {
        List<ResourceChange<T>> added = [], removed = [], updated = [];
        foreach (var (key, previous, current) in differences)
        {
            if (previous is { } before && current is { } now && before.Metadata.Uid == now.Metadata.Uid)
            {
                updated.Add(new(key, before.Item, now.Item, inferred));
                continue;
            }

            if (previous is { } gone)
            {
                removed.Add(new(key, gone.Item, default, inferred));
            }

            if (current is { } born)
            {
                added.Add(new(key, default, born.Item, inferred));
            }
        }

        return added.Count + removed.Count + updated.Count == 0 ? StoreDiff<T>.Empty : new([.. added], [.. removed], [.. updated]);
    }
}
