using System.Numerics;

namespace Rx.Kube;

/// <summary>Makes rings of AnchorHash.</summary>
public static class Anchor
{
    /// <summary>The most buckets a ring can have.</summary>
    public const int MaxCapacity = 1 << 20;

    private const int LeastByDefault = 16;

    /// <summary>A ring of names, each its own identity, of equal weights.</summary>
    /// <inheritdoc cref="Create{TMember}"/>
    public static Anchor<string> Create(IEnumerable<string> members, int capacity = 0) => Create(members, name => name, capacity: capacity);

    /// <summary>
    /// A ring of the members, in whatever order they come: as if they had joined an empty one in the ordinal order of their identities. What is made of
    /// it by changes depends on the order of these: see <see cref="Anchor{TMember}"/>.
    /// </summary>
    /// <param name="members">Who owns keys. None is allowed.</param>
    /// <param name="hashKey">A member's identity: what stays when it restarts, such as the name of a pod of a StatefulSet; never an address.</param>
    /// <param name="weight">A member's share relative to others, from 1 to <see cref="RingLimits.MaxWeight"/>; 1 for each by default.</param>
    /// <param name="zone">
    /// Where a member is: then replicas are spread over zones before any zone has two. Null, or a member's null, is one zone more; by default there are none.
    /// </param>
    /// <param name="capacity">
    /// The most that all weights can ever add up to, from 1 to <see cref="MaxCapacity"/>; it cannot change later. Each unit takes 24 bytes, in every ring
    /// that a change makes. 0, the default, is the smallest power of two that is twice as much as all weights now, but at least 16: where several
    /// processes begin with different members, give a number instead.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Two members have one identity; an identity is empty; it or a zone is not well-formed Unicode; a weight or the capacity is out of range; the weights add up to more
    /// than the capacity; or there are more members than <see cref="RingLimits"/> allow.
    /// </exception>
    public static Anchor<TMember> Create<TMember>(
        IEnumerable<TMember> members,
        Func<TMember, string> hashKey,
        Func<TMember, int>? weight = null,
        Func<TMember, string?>? zone = null,
        int capacity = 0)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxCapacity);
        var table = MemberTable<TMember>.Of(members, new(hashKey, weight, zone));
        return Anchor<TMember>.Of(table, capacity > 0 ? capacity : CapacityFor(table.ByRank.Sum(member => member.Weight)));
    }

    private static int CapacityFor(int weights) => (int)Math.Clamp(BitOperations.RoundUpToPowerOf2(2 * (uint)weights), LeastByDefault, MaxCapacity);
}
