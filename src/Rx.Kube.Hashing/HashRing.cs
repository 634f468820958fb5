namespace Rx.Kube;

/// <summary>Makes rings of virtual nodes.</summary>
public static class HashRing
{
    /// <summary>A ring of names, each its own identity, of equal weights.</summary>
    /// <inheritdoc cref="Create{TMember}"/>
    public static HashRing<string> Create(IEnumerable<string> members, RingLayout? layout = null) => Create(members, name => name, layout: layout);

    /// <summary>A ring of the members, in whatever order they come.</summary>
    /// <param name="members">Who owns keys. None is allowed.</param>
    /// <param name="hashKey">
    /// A member's identity, which places it: what stays when it restarts, such as the name of a pod of a StatefulSet; never an address.
    /// </param>
    /// <param name="weight">A member's share relative to others, from 1 to <see cref="RingLimits.MaxWeight"/>; 1 for each by default.</param>
    /// <param name="zone">
    /// Where a member is: then replicas are spread over zones before any zone has two. Null, or a member's null, is one zone more; by default there are none.
    /// </param>
    /// <param name="layout">Where tokens stand; <see cref="RingLayout.Default"/> by default.</param>
    /// <exception cref="ArgumentException">
    /// Two members have one identity; an identity is empty; it or a zone is not well-formed Unicode; a weight is out of range; or there would be more than
    /// <see cref="RingLimits"/> allow.
    /// </exception>
    public static HashRing<TMember> Create<TMember>(
        IEnumerable<TMember> members,
        Func<TMember, string> hashKey,
        Func<TMember, int>? weight = null,
        Func<TMember, string?>? zone = null,
        RingLayout? layout = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        return HashRing<TMember>.Of(MemberTable<TMember>.Of(members, new(hashKey, weight, zone)), layout ?? RingLayout.Default);
    }
}
