namespace Rx.Kube;

/// <summary>Makes rings with a table, as Envoy's Maglev load balancer does.</summary>
public static class Maglev
{
    /// <summary>The size of a table, unless told otherwise; Envoy's default too.</summary>
    public const int DefaultTableSize = 65_537;

    /// <summary>The largest table; Envoy's largest too.</summary>
    public const int MaxTableSize = 5_000_011;

    /// <summary>A ring of names, each its own identity, of equal weights.</summary>
    /// <inheritdoc cref="Create{TMember}"/>
    public static Maglev<string> Create(IEnumerable<string> members, int tableSize = DefaultTableSize) =>
        Create(members, name => name, tableSize: tableSize);

    /// <summary>A ring of the members, in whatever order they come.</summary>
    /// <param name="members">Who owns keys. None is allowed.</param>
    /// <param name="hashKey">
    /// A member's identity, which places it. To find the owners that an Envoy finds, what it hashes: a host's metadata <c>hash_key</c>,
    /// else its hostname if Envoy is told so, else its address, such as <c>10.0.0.1:80</c>.
    /// </param>
    /// <param name="weight">
    /// A member's share relative to others, from 1 to <see cref="RingLimits.MaxWeight"/>; 1 for each by default.
    /// </param>
    /// <param name="zone">
    /// Where a member is: then replicas are spread over zones before any zone has two. Null, or a member's null, is one zone more; by
    /// default there are none.
    /// </param>
    /// <param name="tableSize">
    /// How many places the table has: a prime from 2 to <see cref="MaxTableSize"/>. It should be 100 times the number of members or more: then
    /// shares differ by one percent, and the more it is the fewer keys move needlessly. With fewer places than members, some own nothing.
    /// </param>
    /// <exception cref="ArgumentException">
    /// <paramref name="tableSize"/> is not prime or out of range; two members have one identity; an identity is empty; it or a zone is not
    /// well-formed Unicode; a weight is out of range; or there would be more than <see cref="RingLimits.MaxMembers"/> members.
    /// </exception>
    public static Maglev<TMember> Create<TMember>(
        IEnumerable<TMember> members,
        Func<TMember, string> hashKey,
        Func<TMember, int>? weight = null,
        Func<TMember, string?>? zone = null,
        int tableSize = DefaultTableSize)
    {
        ArgumentNullException.ThrowIfNull(members);
        TableSize.Check(tableSize);
        return Maglev<TMember>.Of(MemberTable<TMember>.Of(members, new(hashKey, weight, zone)), tableSize);
    }
}
