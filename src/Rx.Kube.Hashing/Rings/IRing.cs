using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>
/// Places keys on members. Immutable: a change makes another ring, and any number of threads may ask one without waiting. The placement follows from the
/// members' identities, weights and zones alone, never from the order in which they were given, from the process or from the machine; but for
/// <see cref="Anchor{TMember}"/>, which remembers.
/// </summary>
/// <typeparam name="TMember">What owns keys: a name, an endpoint, a connection.</typeparam>
public interface IRing<TMember>
{
    /// <summary>The members, in the ordinal order of their identities.</summary>
    ImmutableArray<TMember> Members { get; }

    /// <summary>The identity, weight and zone of a member, whether it is on the ring or not.</summary>
    MemberTraits<TMember> Traits { get; }

    /// <summary>
    /// A number for the algorithm, its version and parameters, and the identity, weight and zone of every member. Processes with the same
    /// number place every key alike; with different numbers they do not agree.
    /// </summary>
    /// <remarks>
    /// A chain of XXH64, each step seeded with the one before, beginning at 0: over the UTF-8 of the algorithm's name, such as <c>HashRing/1</c>, over
    /// its parameters, over how many members there are, and over the sum of their digests, modulo 2^64. A member's digest is such a chain
    /// over the UTF-8 of its zone, over its weight, and over the UTF-8 of its identity. Numbers are 8 bytes, the least significant first.
    /// </remarks>
    ulong Fingerprint { get; }

    /// <summary>Who owns the key. Allocates nothing.</summary>
    /// <returns>False if there are no members.</returns>
    bool TryGetOwner(KeyHash key, [MaybeNullWhen(false)] out TMember owner);

    /// <summary>
    /// Fills <paramref name="replicas"/> with distinct members for the key, its owner first. If members have zones, no zone gets its second replica
    /// before each has its first, nor its third before each that has two has its second.
    /// </summary>
    /// <returns>How many there are: fewer than asked for if there are fewer members. The rest of the span is left as it was.</returns>
    int GetReplicas(KeyHash key, Span<TMember> replicas);

    /// <summary>
    /// The ring with the member. It takes the place of a member with the same identity; if the weight is the same too, no key moves.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// Its identity is empty, it or its zone is not well-formed Unicode, its weight is out of range, or the algorithm cannot take this member now.
    /// </exception>
    IRing<TMember> With(TMember member);

    /// <summary>The ring without the member of the same identity; this one if there is none.</summary>
    /// <exception cref="ArgumentException">The algorithm cannot do without this member now.</exception>
    IRing<TMember> Without(TMember member);

    /// <summary>The ring of some of the members, as if it had been made of them.</summary>
    IRing<TMember> Only(Func<TMember, bool> isMember);
}

/// <summary>
/// A ring on which members own ranges of hashes, so that what each owns and what a change moves can be named:
/// see <see cref="RangedRing"/>.
/// </summary>
/// <typeparam name="TMember">What owns keys.</typeparam>
public interface IRangedRing<TMember> : IRing<TMember>
{
    /// <summary>A range around the key, all of it with the same replicas in the same order; all such ranges lie side by side and are the whole space.</summary>
    KeyRange RangeOf(KeyHash key);
}
