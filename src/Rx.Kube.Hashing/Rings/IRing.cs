using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>
/// Assigns keys to members. A ring is immutable: a change creates another ring, and any number of threads may use a ring without locking.
/// The placement depends only on the members' identities, weights and zones, and never on their order, the process or the machine. The
/// exception is <see cref="Anchor{TMember}"/>, whose placement depends on earlier changes.
/// </summary>
/// <typeparam name="TMember">The type of the members that own keys: a name, an endpoint, a connection.</typeparam>
public interface IRing<TMember>
{
    /// <summary>Gets the members, in ordinal order of their identities.</summary>
    ImmutableArray<TMember> Members { get; }

    /// <summary>Gets the functions that return the identity, weight and zone of a member. The member need not be on the ring.</summary>
    MemberTraits<TMember> Traits { get; }

    /// <summary>
    /// Gets the ring's fingerprint; equal fingerprints mean identical placement. It covers the algorithm, its version and parameters, and
    /// the identity, weight and zone of every member. Processes with different fingerprints do not agree.
    /// </summary>
    /// <remarks>
    /// The fingerprint is a chain of XXH64 hashes, each step seeded with the result of the previous step, starting at 0: over the UTF-8 of
    /// the algorithm's name, such as <c>HashRing/1</c>, over its parameters, over the number of members, and over the sum of the members'
    /// digests, modulo 2^64. A member's digest is such a chain over the UTF-8 of its zone, over its weight, and over the UTF-8 of its
    /// identity. Numbers are hashed as 8 bytes, the least significant first.
    /// </remarks>
    ulong Fingerprint { get; }

    /// <summary>Finds the owner of a key. Allocates nothing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="owner">The member that owns the key.</param>
    /// <returns>False if there are no members.</returns>
    bool TryGetOwner(KeyHash key, [MaybeNullWhen(false)] out TMember owner);

    /// <summary>
    /// Fills a span with distinct members for a key, the owner first. If members have zones, no zone gets a second replica before every
    /// zone has one, and no zone gets a third before every zone with at least two members has two.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="replicas">The span to fill; its length is the number of requested replicas.</param>
    /// <returns>
    /// The number of replicas found; fewer than requested if there are fewer members. The rest of the span remains unchanged.
    /// </returns>
    int GetReplicas(KeyHash key, Span<TMember> replicas);

    /// <summary>
    /// Creates a ring that includes a member. The member replaces a member with the same identity; if weight and zone are also the same, no
    /// key moves.
    /// </summary>
    /// <param name="member">The member.</param>
    /// <returns>The ring with the member. This ring does not change.</returns>
    /// <exception cref="ArgumentException">
    /// The identity is empty, the identity or the zone is not well-formed Unicode, the weight is out of range, there would be more
    /// members or tokens than <see cref="RingLimits"/> allows, or the algorithm cannot add this member in the current state.
    /// </exception>
    IRing<TMember> With(TMember member);

    /// <summary>Creates a ring without a member.</summary>
    /// <param name="member">The member; only its identity is used.</param>
    /// <returns>The ring without the member; this ring if it has no such member.</returns>
    /// <exception cref="ArgumentException">The algorithm cannot remove this member in the current state.</exception>
    IRing<TMember> Without(TMember member);

    /// <summary>Creates a ring of a subset of the members, identical to a ring created from only those members.</summary>
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
    /// Gets the range around a key in which all keys have the same replicas in the same order. The ranges are adjacent and together cover
    /// all hashes.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <returns>The range.</returns>
    KeyRange RangeOf(KeyHash key);
}
