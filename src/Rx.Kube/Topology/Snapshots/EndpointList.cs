using System.Collections;
using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// Endpoints of a snapshot, ordered by member, address family, address and ports. Immutable, equal by content, and thread-safe.
/// Successive snapshots share unchanged parts, so keeping an old list uses memory only for its differences.
/// </summary>
public sealed class EndpointList : IReadOnlyList<TopologyEndpoint>, IEquatable<EndpointList>
{
    private readonly EndpointTree _tree;
    private readonly EndpointView _view;

    internal EndpointList(EndpointTree tree, EndpointView view) => (_tree, _view) = (tree, view);

    /// <summary>Gets the empty list.</summary>
    public static EndpointList Empty { get; } = new(EndpointTree.Empty, EndpointView.All);

    /// <summary>Gets the number of endpoints. O(1).</summary>
    public int Count => _tree.CountOf(_view);

    /// <summary>Gets whether there are no endpoints.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Gets an endpoint. O(log n); to visit all endpoints, use <c>foreach</c>.</summary>
    /// <param name="index">Its position, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public TopologyEndpoint this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            foreach (var endpoint in _tree.LeafOf(_view, ref index))
            {
                if (endpoint.IsIn(_view) && index-- == 0)
                {
                    return endpoint;
                }
            }

            throw new InvalidOperationException("an endpoint was not where it was counted");
        }
    }

    /// <summary>
    /// Gets the endpoints of a member: one for each of its addresses, or several for an address whose ports have different conditions.
    /// O(log n).
    /// </summary>
    /// <param name="member">The member.</param>
    /// <returns>The endpoints; empty when the member has no endpoints in this list.</returns>
    /// <exception cref="ArgumentNullException">The member is null.</exception>
    public ImmutableArray<TopologyEndpoint> Of(string member)
    {
        ArgumentNullException.ThrowIfNull(member);
        var endpoints = _tree.Of(member);
        return _view == EndpointView.All ? endpoints : endpoints.RemoveAll(e => !e.IsIn(_view));
    }

    /// <summary>Gets an enumerator, O(1) for each endpoint.</summary>
    /// <returns>The enumerator.</returns>
    public Enumerator GetEnumerator() => new(_tree, _view);

    /// <inheritdoc/>
    public bool Equals(EndpointList? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Count == other.Count && (_view == other._view
            ? !_tree.Differences(other._tree).Any(d => IsInView(d.Mine) || IsInView(d.Other))
            : this.SequenceEqual(other)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EndpointList);

    /// <inheritdoc/>
    public override int GetHashCode() => Count == 0 ? 0 : HashCode.Combine(Count, this[0], this[Count - 1]);

    IEnumerator<TopologyEndpoint> IEnumerable<TopologyEndpoint>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool IsInView(TopologyEndpoint? endpoint) => endpoint?.IsIn(_view) ?? false;

    /// <summary>Enumerates the endpoints.</summary>
    public struct Enumerator : IEnumerator<TopologyEndpoint>
    {
        private readonly EndpointTree _tree;
        private readonly EndpointView _view;
        private TopologyEndpoint[] _leaf;
        private int _place;
        private int _passed;

        internal Enumerator(EndpointTree tree, EndpointView view) => (_tree, _view, _leaf) = (tree, view, []);

        /// <inheritdoc/>
        public readonly TopologyEndpoint Current => _leaf[_place - 1];

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            while (true)
            {
                while (_place < _leaf.Length)
                {
                    if (_leaf[_place++].IsIn(_view))
                    {
                        _passed++;
                        return true;
                    }
                }

                if (_passed == _tree.CountOf(_view))
                {
                    return false;
                }

                // The leaf with the next endpoint of the view; the leaves before it have no more of them.
                var index = _passed;
                _leaf = _tree.LeafOf(_view, ref index);
                _place = 0;
            }
        }

        /// <inheritdoc/>
        public void Reset() => (_leaf, _place, _passed) = ([], 0, 0);

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
