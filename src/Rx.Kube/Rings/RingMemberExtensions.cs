using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>Looks up members of a ring by name, and changes them without repeating unchanged properties.</summary>
public static class RingMemberExtensions
{
    /// <summary>
    /// Creates the ring with a member of this name. If the member is already on the ring, a
    /// weight or a zone that is not given stays as it is.
    /// </summary>
    /// <param name="ring">The ring.</param>
    /// <param name="name">The name of the member.</param>
    /// <param name="weight">
    /// The weight, from 1 to <see cref="RingLimits.MaxWeight"/>; null, the default, keeps the weight of the member on the ring, and
    /// means 1 for a new member.
    /// </param>
    /// <param name="zone">
    /// The zone; null, the default, keeps the zone of the member on the ring, and means no zone for a new member. A ring whose members have
    /// no zones ignores it (<see cref="MemberTraits{TMember}.HasZones"/>). To remove a zone, pass a <see cref="RingMember"/> without one.
    /// </param>
    /// <returns>The new ring with the member; this ring does not change.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ring"/> or <paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The name is empty, it or the zone is not well-formed Unicode, the weight is out of range, or the ring would be larger than
    /// <see cref="RingLimits"/> allows.
    /// </exception>
    public static HashRing<RingMember> With(this HashRing<RingMember> ring, string name, int? weight = null, string? zone = null)
    {
        ArgumentNullException.ThrowIfNull(ring);
        return ring.With(Member(ring, name, weight, zone));
    }

    /// <inheritdoc cref="With(HashRing{RingMember}, string, int?, string?)"/>
    public static IRing<RingMember> With(this IRing<RingMember> ring, string name, int? weight = null, string? zone = null)
    {
        ArgumentNullException.ThrowIfNull(ring);
        return ring.With(Member(ring, name, weight, zone));
    }

    /// <summary>Creates the ring without the member of this name.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="name">The name of the member.</param>
    /// <returns>The ring without the member; this ring if it has no such member.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ring"/> or <paramref name="name"/> is null.</exception>
    public static HashRing<RingMember> Without(this HashRing<RingMember> ring, string name)
    {
        ArgumentNullException.ThrowIfNull(ring);
        return ring.Without(Named(name));
    }

    /// <inheritdoc cref="Without(HashRing{RingMember}, string)"/>
    /// <exception cref="ArgumentException">The algorithm cannot remove this member in the current state.</exception>
    public static IRing<RingMember> Without(this IRing<RingMember> ring, string name)
    {
        ArgumentNullException.ThrowIfNull(ring);
        return ring.Without(Named(name));
    }

    /// <summary>Lists the ranges that the member of this name owns, or holds as a replica. Walks over all ranges of the ring.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="name">The name of the member.</param>
    /// <param name="replicationFactor">The number of replicas of a key, from 1; with 1, only what the member owns.</param>
    /// <returns>The ranges in ascending order; none if the member is not on the ring.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ring"/> or <paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="replicationFactor"/> is less than 1.</exception>
    public static ImmutableArray<OwnedRange> OwnedBy(this IRangedRing<RingMember> ring, string name, int replicationFactor = 1) =>
        ring.OwnedBy(Named(name), replicationFactor);

    /// <summary>Lists the ranges that the member of this name holds, and at which rank. Walks over all ranges of the ring.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="name">The name of the member.</param>
    /// <returns>The ranges in ascending order; none if the member is not on the ring.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ring"/> or <paramref name="name"/> is null.</exception>
    public static ImmutableArray<OwnedRange> OwnedBy(this ReplicatedRing<RingMember> ring, string name)
    {
        ArgumentNullException.ThrowIfNull(ring);
        return ring.OwnedBy(Named(name));
    }

    /// <summary>Gets what a difference between two rings means for the member of this name.</summary>
    /// <param name="diff">The difference.</param>
    /// <param name="name">The name of the member. It need not be on a ring.</param>
    /// <returns>What the member gains, loses, or holds at another rank.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="diff"/> or <paramref name="name"/> is null.</exception>
    public static OwnershipChange<RingMember> OwnershipOf(this RingDiff<RingMember> diff, string name)
    {
        ArgumentNullException.ThrowIfNull(diff);
        return diff.OwnershipOf(Named(name));
    }

    /// <summary>Gets what the member of this name gains by joining.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="name">The name of the member.</param>
    /// <param name="kept">The ranges whose data the member already has; null, the default, for none.</param>
    /// <returns>The change, as for the overload that takes a member.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ring"/> or <paramref name="name"/> is null.</exception>
    public static OwnershipChange<RingMember> JoinOf(
        this ReplicatedRing<RingMember> ring, string name, IEnumerable<KeyRange>? kept = null)
    {
        ArgumentNullException.ThrowIfNull(ring);
        return ring.JoinOf(Named(name), kept);
    }

    /// <summary>
    /// Gets whether the ring of a change is older than the ring of another process, known by its version and fingerprint, as
    /// <see cref="RingView.IsOlderThan(string, ulong)"/> does.
    /// </summary>
    /// <param name="change">The last change in this process, from a stream of <see cref="RingView"/>s.</param>
    /// <param name="version">The version of the other ring.</param>
    /// <param name="fingerprint">The fingerprint of the other ring.</param>
    /// <returns>False if both place keys identically, or if it is not known which one is older.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="change"/> or <paramref name="version"/> is null.</exception>
    public static bool IsOlderThan(this OwnershipChange<RingMember> change, string version, ulong fingerprint)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(version);
        return change.Fingerprint != fingerprint && ResourceVersion.IsOlder(change.Version, version);
    }

    private static RingMember Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(name);
    }

    private static RingMember Member(IRing<RingMember> ring, string name, int? weight, string? zone)
    {
        var member = Named(name);
        var identity = ring.Traits.HashKeyOf(member);
        var known = ring.Members.FirstOrDefault(other => ring.Traits.HashKeyOf(other) == identity);
        return member with { Weight = weight ?? known?.Weight ?? 1, Zone = zone ?? known?.Zone };
    }
}
