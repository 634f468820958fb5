using System.Collections;

namespace Rx.Kube;

/// <summary>
/// The members of a Service, regardless of health, address or location. Ordered, without duplicates, immutable, equal by content; so
/// <c>DistinctUntilChanged(t =&gt; t.Members)</c> passes only joins and leaves. Thread-safe.
/// </summary>
public sealed class MemberSet : IReadOnlyList<string>, IEquatable<MemberSet>
{
    private readonly EndpointTree _tree;
    private readonly object _since;

    /// <param name="tree">The endpoints of the members.</param>
    /// <param name="since">The same object for all trees since a member last joined or left: sets with the same object are equal.</param>
    internal MemberSet(EndpointTree tree, object since) => (_tree, _since) = (tree, since);

    /// <summary>Gets the empty set.</summary>
    public static MemberSet Empty { get; } = new(EndpointTree.Empty, EndpointTree.Empty);

    /// <inheritdoc/>
    public int Count => _tree.Members;

    /// <summary>Gets a member, in ordinal order. O(log n); to visit all members, use <c>foreach</c>.</summary>
    /// <param name="index">Its position, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public string this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return _tree.MemberAt(index);
        }
    }

    /// <summary>Gets whether a member is in the set. O(log n).</summary>
    /// <param name="member">The member.</param>
    /// <returns>True if it is.</returns>
    /// <exception cref="ArgumentNullException">The member is null.</exception>
    public bool Contains(string member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return _tree.Contains(member);
    }

    /// <inheritdoc/>
    public bool Equals(MemberSet? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && (ReferenceEquals(_since, other._since) || (Count == other.Count && _tree.Differences(other._tree).All(d =>
            (d.Mine is null || other.Contains(d.Mine.Member)) && (d.Other is null || Contains(d.Other.Member))))));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MemberSet);

    /// <inheritdoc/>
    public override int GetHashCode() => Count == 0 ? 0 : HashCode.Combine(Count, this[0], this[Count - 1]);

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator()
    {
        string? last = null;
        foreach (var endpoint in new EndpointList(_tree, EndpointView.All))
        {
            if (endpoint.Member != last)
            {
                yield return last = endpoint.Member;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Gets the members, separated by commas. Text from the network must be escaped before it is printed.</summary>
    /// <returns>The members.</returns>
    public override string ToString() => string.Join(", ", this);
}
