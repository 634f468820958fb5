using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// The objects that a fold skips, by key. Immutable: a change is O(log n) and shares the rest; the array for users is made when one asks
/// for it.
/// </summary>
internal sealed class SkippedSet
{
    private readonly ImmutableSortedDictionary<ResourceKey, SkippedObject> _objects;

    // The sum of the hashes of all faults: two sets that differ are told apart without a walk. And a mark that sets share as long as only
    // versions change: two that are equal are, too.
    private readonly long _content;
    private readonly object _faults;

    private SkippedSet(ImmutableSortedDictionary<ResourceKey, SkippedObject> objects, long content, object? faults = null) =>
        (_objects, _content, _faults) = (objects, content, faults ?? new object());

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

    /// <summary>Gets whether an object is skipped for the same reason already, at whatever place in its bytes.</summary>
    public bool Knows(SkippedObject skipped) =>
        _objects.TryGetValue(skipped.Key, out var known) && known.Fault.SequenceEqual(skipped.Fault);

    /// <summary>Adds an object, or replaces it.</summary>
    public SkippedSet With(SkippedObject skipped) => new(
        _objects.SetItem(skipped.Key, skipped), _content - HashAt(skipped.Key) + HashOf(skipped), Knows(skipped) ? _faults : null);

    /// <summary>Removes an object.</summary>
    /// <returns>The same set if the object is not in it.</returns>
    public SkippedSet Without(ResourceKey key)
    {
        var rest = _objects.Remove(key);
        return ReferenceEquals(rest, _objects) ? this : new(rest, _content - HashAt(key));
    }

    /// <summary>Gets whether the same objects are skipped for the same reasons, at whatever versions.</summary>
    public bool SameReasons(SkippedSet other) => ReferenceEquals(_faults, other._faults) ||
        (_content == other._content && _objects.Count == other._objects.Count && _objects.Values.All(other.Knows));

    private long HashAt(ResourceKey key) => _objects.TryGetValue(key, out var skipped) ? HashOf(skipped) : 0;

    private static long HashOf(SkippedObject skipped) => HashCode.Combine(skipped.Key, string.GetHashCode(skipped.Fault));
}
