using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rx.Kube;

/// <summary>
/// An immutable array that compares by content, so that a record that contains one also compares by content. The default value is an empty
/// array. Thread-safe.
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
[CollectionBuilder(typeof(EquatableArray), nameof(EquatableArray.Create))]
public readonly struct EquatableArray<T> : IReadOnlyList<T>, IEquatable<EquatableArray<T>>
{
    private readonly T[]? _items;

    /// <summary>Wraps an immutable array. Nothing is copied.</summary>
    /// <param name="items">The items; a default array counts as empty.</param>
    public EquatableArray(ImmutableArray<T> items) => _items = ImmutableCollectionsMarshal.AsArray(items);

    /// <summary>Gets the empty array.</summary>
    public static EquatableArray<T> Empty => default;

    /// <summary>Gets the number of items.</summary>
    public int Length => _items?.Length ?? 0;

    /// <summary>Gets whether there are no items.</summary>
    public bool IsEmpty => Length == 0;

    int IReadOnlyCollection<T>.Count => Length;

    /// <summary>Gets an item.</summary>
    /// <param name="index">Its position, from 0 to <see cref="Length"/> - 1.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such position.</exception>
    public T this[int index] => (_items ?? [])[index];

    /// <summary>Converts an immutable array. Nothing is copied.</summary>
    /// <param name="items">The items.</param>
    public static implicit operator EquatableArray<T>(ImmutableArray<T> items) => new(items);

    /// <summary>Compares by content.</summary>
    /// <param name="left">One array.</param>
    /// <param name="right">Another one.</param>
    public static bool operator ==(EquatableArray<T> left, EquatableArray<T> right) => left.Equals(right);

    /// <summary>Compares by content.</summary>
    /// <param name="left">One array.</param>
    /// <param name="right">Another one.</param>
    public static bool operator !=(EquatableArray<T> left, EquatableArray<T> right) => !left.Equals(right);

    /// <summary>Gets the items as an immutable array. Nothing is copied.</summary>
    /// <returns>The array; never default.</returns>
    public ImmutableArray<T> AsImmutableArray() => ImmutableCollectionsMarshal.AsImmutableArray(_items ?? []);

    /// <summary>Gets the items as a span.</summary>
    /// <returns>The span.</returns>
    public ReadOnlySpan<T> AsSpan() => _items;

    /// <summary>Compares item by item, with the items' own equality. Returns at once if both are the same array.</summary>
    /// <param name="other">The other array.</param>
    /// <returns>Whether both have equal items in the same order.</returns>
    public bool Equals(EquatableArray<T> other) =>
        ReferenceEquals(_items, other._items) || AsSpan().SequenceEqual(other.AsSpan(), EqualityComparer<T>.Default);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EquatableArray<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in AsSpan())
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    /// <summary>Gets an enumerator that allocates nothing.</summary>
    /// <returns>The enumerator.</returns>
    public ImmutableArray<T>.Enumerator GetEnumerator() => AsImmutableArray().GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)(_items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => (_items ?? []).GetEnumerator();

    /// <summary>Gets the items in brackets, separated by commas. Text from the network must be escaped before it is printed.</summary>
    /// <returns>The text, such as <c>[a, b]</c>.</returns>
    public override string ToString() => $"[{string.Join(", ", _items ?? [])}]";
}

/// <summary>Creates <see cref="EquatableArray{T}"/>s; collection expressions use it.</summary>
public static class EquatableArray
{
    /// <summary>Copies items into an array.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="items">The items.</param>
    /// <returns>The array.</returns>
    public static EquatableArray<T> Create<T>(ReadOnlySpan<T> items) => new(ImmutableArray.Create(items));
}
