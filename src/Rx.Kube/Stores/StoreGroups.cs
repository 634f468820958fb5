using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>One index of one snapshot. Immutable.</summary>
internal abstract class StoreGroups<T>
{
    /// <summary>Gets the groups after some steps.</summary>
    public abstract StoreGroups<T> Apply(List<StoreStep<T>> steps);
}

/// <summary>
/// The keys of the objects under each key of an index. It holds no objects, so an object that changes and keeps its index keys costs
/// nothing here.
/// </summary>
internal sealed class StoreGroups<T, TKey>(StoreIndex<T, TKey> index, ImmutableDictionary<TKey, ImmutableSortedSet<ResourceKey>> groups)
    : StoreGroups<T>
    where TKey : notnull
{
    public StoreIndex<T, TKey> Index { get; } = index;

    public ImmutableDictionary<TKey, ImmutableSortedSet<ResourceKey>> Groups { get; } = groups;

    public override StoreGroups<T> Apply(List<StoreStep<T>> steps)
    {
        Dictionary<TKey, ImmutableSortedSet<ResourceKey>.Builder>? touched = null;
        foreach (var step in steps)
        {
            var before = KeysOf(step.Previous);
            var now = KeysOf(step.Current);
            if (before.AsSpan().SequenceEqual(now, Index.Comparer))
            {
                continue;
            }

            touched ??= new(Index.Comparer);
            foreach (var key in before)
            {
                Touch(touched, key).Remove(step.Key);
            }

            foreach (var key in now)
            {
                Touch(touched, key).Add(step.Key);
            }
        }

        return touched is null ? this : new StoreGroups<T, TKey>(Index, With(touched));
    }

    private TKey[] KeysOf(StoredObject<T>? stored) => stored is { } s ? [.. Index.KeysOf(s.Item)] : [];

    private ImmutableSortedSet<ResourceKey>.Builder Touch(Dictionary<TKey, ImmutableSortedSet<ResourceKey>.Builder> touched, TKey key)
    {
        if (!touched.TryGetValue(key, out var group))
        {
            touched.Add(key, group = Groups.GetValueOrDefault(key, []).ToBuilder());
        }

        return group;
    }

    private ImmutableDictionary<TKey, ImmutableSortedSet<ResourceKey>> With(
        Dictionary<TKey, ImmutableSortedSet<ResourceKey>.Builder> touched)
    {
        var groups = Groups.ToBuilder();
        foreach (var (key, group) in touched)
        {
            if (group.Count == 0)
            {
                groups.Remove(key);
            }
            else
            {
                groups[key] = group.ToImmutable();
            }
        }

        return groups.ToImmutable();
    }
}
