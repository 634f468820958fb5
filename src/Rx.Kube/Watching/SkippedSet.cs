using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// The objects that a fold skips, by key. Immutable: a change is O(log n) and shares the rest; the array for users is made when one asks
/// for it.
/// </summary>
internal sealed class SkippedSet
{
    private readonly ImmutableSortedDictionary<ResourceKey, SkippedObject> _objects;

    // The sum of the hashes of all objects: two sets that differ are told apart without a walk.
    private readonly long _content;

    private SkippedSet(ImmutableSortedDictionary<ResourceKey, SkippedObject> objects, long content) =>
        (_objects, _content) = (objects, content);

    /// <summary>Gets the set without objects.</summary>
    public static SkippedSet Empty { get; } = new(ImmutableSortedDictionary<ResourceKey, SkippedObject>.Empty, 0);

    /// <summary>Gets whether there are no objects.</summary>
    public bool IsEmpty => _objects.IsEmpty;

    /// <summary>Gets the keys.</summary>
    public IReadOnlyCollection<ResourceKey> Keys => [.. _objects.Keys];

    /// <summary>Gets the objects, in the order of their keys.</summary>
    public ImmutableArray<SkippedObject> Objects => field.IsDefault ? field = [.. _objects.Values] : field;

    /// <summary>Creates a set.</summary>
    public static SkippedSet Of(IEnumerable<SkippedObject> objects)
    {
        var builder = Empty._objects.ToBuilder();
        foreach (var skipped in objects)
        {
            builder[skipped.Key] = skipped;
        }

        return builder.Count == 0 ? Empty : new(builder.ToImmutable(), builder.Values.Sum(HashOf));
    }

    /// <summary>Gets whether an object is skipped for the same reason already.</summary>
    public bool Knows(SkippedObject skipped) => _objects.TryGetValue(skipped.Key, out var known) && known.Reason == skipped.Reason;

    /// <summary>Adds an object, or replaces it.</summary>
    public SkippedSet With(SkippedObject skipped) => new(
        _objects.SetItem(skipped.Key, skipped), _content - HashAt(skipped.Key) + HashOf(skipped));

    /// <summary>Removes an object.</summary>
    /// <returns>The same set if the object is not in it.</returns>
    public SkippedSet Without(ResourceKey key)
    {
        var rest = _objects.Remove(key);
        return ReferenceEquals(rest, _objects) ? this : new(rest, _content - HashAt(key));
    }

    /// <summary>Gets whether the same objects are skipped for the same reasons, at whatever versions.</summary>
    public bool SameReasons(SkippedSet other) => ReferenceEquals(_objects, other._objects) ||
        (_content == other._content && _objects.Count == other._objects.Count && _objects.Values.All(other.Knows));

    private long HashAt(ResourceKey key) => _objects.TryGetValue(key, out var skipped) ? HashOf(skipped) : 0;

    private static long HashOf(SkippedObject skipped) => HashCode.Combine(skipped.Key, skipped.Reason);
}
