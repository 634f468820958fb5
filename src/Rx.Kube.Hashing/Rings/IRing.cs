using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>
/// Places keys on members. A ring is immutable: a change makes another ring, and any number of threads may ask one ring without waiting.
/// The placement follows only from the members' identities, weights and zones, and never from their order, the process or the machine. The
/// exception is <see cref="Anchor{TMember}"/>, whose placement depends on earlier changes.
/// </summary>
/// <typeparam name="TMember">The type of the members that own keys: a name, an endpoint, a connection.</typeparam>
public interface IRing<TMember>
{
    /// <summary>Gets the members, in ordinal order of their identities.</summary>
    ImmutableArray<TMember> Members { get; }

    /// <summary>Gets the functions that give the identity, weight and zone of a member, which need not be on the ring.</summary>
    MemberTraits<TMember> Traits { get; }

    /// <summary>
    /// Gets a number for the algorithm, its version and parameters, and the identity, weight and zone of every member. Processes with equal
    /// fingerprints place all keys identically; processes with different fingerprints do not agree.
    /// </summary>
    /// <remarks>
    /// A chain of XXH64, each step seeded with the result of the step before, starting at 0: over the UTF-8 of the algorithm's name, such
    /// as <c>HashRing/1</c>, over its parameters, over the number of members, and over the sum of their digests, modulo 2^64. A member's
    /// digest is such a chain over the UTF-8 of its zone, over its weight, and over the UTF-8 of its identity. Numbers are 8 bytes, the
    /// least significant first.
    /// </remarks>
    ulong Fingerprint { get; }

    /// <summary>Finds the owner of a key. Allocates nothing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="owner">The member that owns the key.</param>
    /// <returns>False if there are no members.</returns>
    bool TryGetOwner(KeyHash key, [MaybeNullWhen(false)] out TMember owner);

    /// <summary>
    /// Fills a span with distinct members for a key, the owner first. If members have zones, no zone gets its second replica before each
    /// zone has its first, nor its third before each zone that can has its second.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="replicas">The span to fill; its length is the number of replicas that are asked for.</param>
    /// <returns>
    /// The number of replicas found: fewer than asked for if there are fewer members. The rest of the span stays unchanged.
    /// </returns>
    int GetReplicas(KeyHash key, Span<TMember> replicas);

    /// <summary>
    /// Creates the ring with a member. It replaces a member with the same identity; if the weight and the zone are the same too, no key
    /// moves.
    /// </summary>
    /// <param name="member">The member.</param>
    /// <returns>The ring with the member. This ring stays unchanged.</returns>
    /// <exception cref="ArgumentException">
    /// The identity is empty, the identity or the zone is not well-formed Unicode, the weight is out of range, there would be more than
    /// <see cref="RingLimits"/> allows, or the algorithm cannot take this member now.
    /// </exception>
    IRing<TMember> With(TMember member);

    /// <summary>Creates the ring without a member.</summary>
    /// <param name="member">The member; only its identity is used.</param>
    /// <returns>The ring without the member; this ring if it has no such member.</returns>
    /// <exception cref="ArgumentException">The algorithm cannot lose this member now.</exception>
    IRing<TMember> Without(TMember member);

    /// <summary>Creates the ring of some of the members, as if it had been created from them.</summary>
    /// <param name="isMember">Whether a member stays.</param>
    /// <returns>The ring of the members that stay.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="isMember"/> is null.</exception>
    IRing<TMember> Only(Func<TMember, bool> isMember);
}

/// <summary>
/// A ring on which members own ranges of hashes, so that <see cref="RangedRing"/> can list what each member owns and what a change moves.
/// </summary>
/// <typeparam name="TMember">The type of the members.</typeparam>
public interface IRangedRing<TMember> : IRing<TMember>
{
    /// <summary>
    /// Gets a range around a key in which all keys have the same replicas in the same order. These ranges are adjacent and together cover
    /// all hashes.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <returns>The range.</returns>
    KeyRange RangeOf(KeyHash key);
}
