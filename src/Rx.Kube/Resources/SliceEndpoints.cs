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
    /// <summary>Gets the value without endpoints.</summary>
    public static SliceEndpoints Empty { get; } = new([], []);

    /// <summary>Gets the number of endpoints.</summary>
    public int Count { get; }

    /// <summary>Gets whether there are no endpoints.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Gets an endpoint.</summary>
    /// <param name="index">Its position, from 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public Endpoint this[int index]
    {
        get
        {
            var chunk = ChunkOf(index);
            return _chunks[chunk][index - _starts[chunk]];
        }
    }

    /// <summary>Copies endpoints into a value; collection expressions use it.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <returns>The value.</returns>
    public static SliceEndpoints Create(ReadOnlySpan<Endpoint> endpoints) => Empty.Replace(0, 0, endpoints.ToArray());

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
        if (IsEmpty)
        {
            return Create([endpoint]);
        }

        var chunk = ChunkOf(Math.Min(index, Count - 1));
        var items = _chunks[chunk].AsSpan();
        var at = index - _starts[chunk];
        return Replace(chunk, chunk + 1, [.. items[..at], endpoint, .. items[at..]]);
    }

    /// <summary>Replaces an endpoint.</summary>
    /// <param name="index">The position of the endpoint to replace.</param>
    /// <param name="endpoint">The endpoint to put there.</param>
    /// <returns>The new value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public SliceEndpoints SetItem(int index, Endpoint endpoint)
    {
        var chunk = ChunkOf(index);
        Endpoint[] items = [.. _chunks[chunk]];
        items[index - _starts[chunk]] = endpoint;
        return Replace(chunk, chunk + 1, items);
    }

    /// <summary>Removes an endpoint.</summary>
    /// <param name="index">The position of the endpoint to remove.</param>
    /// <returns>The new value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public SliceEndpoints RemoveAt(int index)
    {
        var chunk = ChunkOf(index);
        var items = _chunks[chunk].AsSpan();
        var at = index - _starts[chunk];
        return Replace(chunk, chunk + 1, [.. items[..at], .. items[(at + 1)..]]);
    }

    /// <summary>Compares endpoint by endpoint. What both share costs nothing.</summary>
    /// <param name="other">The other endpoints.</param>
    /// <returns>Whether both have equal endpoints in the same order.</returns>
    public bool Equals(SliceEndpoints? other) =>
        ReferenceEquals(this, other) || (other is not null && Count == other.Count && EqualAtHead(other) == Count);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SliceEndpoints);

    /// <inheritdoc/>
    public override int GetHashCode() => IsEmpty ? 0 : HashCode.Combine(Count, this[0], this[Count - 1]);

    /// <summary>Gets an enumerator that allocates nothing.</summary>
    /// <returns>The enumerator.</returns>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<Endpoint> IEnumerable<Endpoint>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Gets the endpoints in brackets, separated by commas. Text from the network must be escaped before it is printed.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"[{string.Join<Endpoint>(", ", this)}]";

    /// <summary>Enumerates endpoints without allocating.</summary>
    public struct Enumerator : IEnumerator<Endpoint>
    {
        private readonly SliceEndpoints _endpoints;
        private Endpoint[] _items = [];
        private int _chunk = -1;
        private int _at = -1;

        internal Enumerator(SliceEndpoints endpoints) => _endpoints = endpoints;

        /// <summary>Gets the current endpoint.</summary>
        public readonly Endpoint Current => _items[_at];

        readonly object IEnumerator.Current => Current;

        /// <summary>Moves to the next endpoint.</summary>
        /// <returns>False at the end.</returns>
        public bool MoveNext()
        {
            if (++_at < _items.Length)
            {
                return true;
            }

            if (_chunk + 1 >= _endpoints._chunks.Length)
            {
                return false;
            }

            (_items, _at) = (_endpoints._chunks[++_chunk], 0);
            return true;
        }

        /// <summary>Does nothing.</summary>
        public readonly void Dispose()
        {
        }

        void IEnumerator.Reset() => (_items, _chunk, _at) = ([], -1, -1);
    }
}
