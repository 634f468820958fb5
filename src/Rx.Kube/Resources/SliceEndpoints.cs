using System.Collections;
using System.Runtime.CompilerServices;

namespace Rx.Kube.Models;

/// <summary>
/// The endpoints of an <see cref="EndpointSlice"/>, in the server's order. Immutable, and equal by content. A change returns another
/// value, which may share parts with the original. Thread-safe.
/// </summary>
[CollectionBuilder(typeof(SliceEndpoints), nameof(Create))]
public sealed partial class SliceEndpoints : IReadOnlyList<Endpoint>, IEquatable<SliceEndpoints>
{
    private readonly Endpoint[] _items;

    private SliceEndpoints(Endpoint[] items) => _items = items;

    /// <summary>Gets the value without endpoints.</summary>
    public static SliceEndpoints Empty { get; } = new([]);

    /// <summary>Gets the number of endpoints.</summary>
    public int Count => _items.Length;

    /// <summary>Gets whether there are no endpoints.</summary>
    public bool IsEmpty => _items.Length == 0;

    /// <summary>Gets an endpoint.</summary>
    /// <param name="index">Its position, from 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such position.</exception>
    public Endpoint this[int index] => _items[index];

    /// <summary>Copies endpoints into a value; collection expressions use it.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <returns>The value.</returns>
    public static SliceEndpoints Create(ReadOnlySpan<Endpoint> endpoints) => endpoints.IsEmpty ? Empty : new(endpoints.ToArray());

    /// <summary>Appends an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>The new value.</returns>
    public SliceEndpoints Add(Endpoint endpoint) => Insert(Count, endpoint);

    /// <summary>Inserts an endpoint.</summary>
    /// <param name="index">The position of the endpoint, from 0 to <see cref="Count"/>.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>The new value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public SliceEndpoints Insert(int index, Endpoint endpoint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, Count);
        return new([.. _items.AsSpan(0, index), endpoint, .. _items.AsSpan(index)]);
    }

    /// <summary>Replaces an endpoint.</summary>
    /// <param name="index">The position of the endpoint to replace.</param>
    /// <param name="endpoint">The endpoint to put there.</param>
    /// <returns>The new value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public SliceEndpoints SetItem(int index, Endpoint endpoint)
    {
        CheckExists(index);
        return new([.. _items.AsSpan(0, index), endpoint, .. _items.AsSpan(index + 1)]);
    }

    /// <summary>Removes an endpoint.</summary>
    /// <param name="index">The position of the endpoint to remove.</param>
    /// <returns>The new value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public SliceEndpoints RemoveAt(int index)
    {
        CheckExists(index);
        return new([.. _items.AsSpan(0, index), .. _items.AsSpan(index + 1)]);
    }

    /// <summary>Compares endpoint by endpoint. Costs nothing when both are the same instance.</summary>
    /// <param name="other">The other endpoints.</param>
    /// <returns>Whether both have equal endpoints in the same order.</returns>
    public bool Equals(SliceEndpoints? other) =>
        ReferenceEquals(this, other) || (other is not null && _items.AsSpan().SequenceEqual(other._items));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SliceEndpoints);

    /// <inheritdoc/>
    public override int GetHashCode() => IsEmpty ? 0 : HashCode.Combine(Count, _items[0], _items[^1]);

    /// <summary>Gets an enumerator that allocates nothing.</summary>
    /// <returns>The enumerator.</returns>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<Endpoint> IEnumerable<Endpoint>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Gets the endpoints in brackets, separated by commas. Text from the network must be escaped before it is printed.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"[{string.Join<Endpoint>(", ", _items)}]";

    /// <summary>Gets the endpoints as a span.</summary>
    internal ReadOnlySpan<Endpoint> AsSpan() => _items;

    private void CheckExists(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
    }

    /// <summary>Enumerates endpoints without allocating.</summary>
    public struct Enumerator : IEnumerator<Endpoint>
    {
        private readonly SliceEndpoints _endpoints;
        private int _index;

        internal Enumerator(SliceEndpoints endpoints) => (_endpoints, _index) = (endpoints, -1);

        /// <summary>Gets the current endpoint.</summary>
        public readonly Endpoint Current => _endpoints[_index];

        readonly object IEnumerator.Current => Current;

        /// <summary>Moves to the next endpoint.</summary>
        /// <returns>False at the end.</returns>
        public bool MoveNext() => ++_index < _endpoints.Count;

        /// <summary>Does nothing.</summary>
        public readonly void Dispose()
        {
        }

        void IEnumerator.Reset() => _index = -1;
    }
}
