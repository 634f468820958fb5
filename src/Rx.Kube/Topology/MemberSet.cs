using System.Collections;
using System.Collections.Immutable;

namespace Rx.Kube.Topology;

/// <summary>
/// The members of a Service: who is there, whatever their health, address or place. Ordered, without duplicates, immutable,
/// equal by content; so <c>DistinctUntilChanged(t =&gt; t.Members)</c> passes only joins and leaves.
/// </summary>
public sealed class MemberSet : IReadOnlyList<string>, IEquatable<MemberSet>
{
    private readonly ImmutableArray<string> _ordered;

    internal MemberSet(ImmutableArray<string> ordered) => _ordered = ordered;

    /// <summary>Nobody.</summary>
    public static MemberSet Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _ordered.Length;

    /// <inheritdoc/>
    public string this[int index] => _ordered[index];

    /// <summary>Whether a member is there.</summary>
    /// <param name="member">The member.</param>
    /// <returns>True if it is.</returns>
    public bool Contains(string member) => _ordered.BinarySearch(member, StringComparer.Ordinal) >= 0;

    /// <inheritdoc/>
    public bool Equals(MemberSet? other) =>
        ReferenceEquals(this, other) || (other is not null && _ordered.AsSpan().SequenceEqual(other._ordered.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MemberSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var member in _ordered)
        {
            hash.Add(member);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_ordered).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The members, separated by commas. From the network: escape before printing.</summary>
    /// <returns>The members.</returns>
    public override string ToString() => string.Join(", ", _ordered);
}
