using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Rx.Kube;

/// <summary>Creates rings of AnchorHash.</summary>
public static class Anchor
{
    /// <summary>The largest capacity of a ring: 1,048,576.</summary>
    public const int MaxCapacity = 1 << 20;

    private const int SmallestDefault = 16;

    /// <summary>Creates a ring of names with equal weights. Each name is its own identity.</summary>
    /// <param name="members">The names, in any order; may be empty.</param>
    /// <param name="capacity">The largest number of names that the ring can ever have, as for <see cref="Create{TMember}"/>.</param>
    /// <returns>The ring.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="members"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// A name occurs twice, is empty, or is not well-formed Unicode; the capacity is out of range; or there are more names than the
    /// capacity or <see cref="RingLimits.MaxMembers"/>.
    /// </exception>
    public static Anchor<string> Create(IEnumerable<string> members, int capacity = 0) => Create(members, name => name, capacity: capacity);

    /// <summary>
    /// Creates a ring of members, as if they had joined an empty ring in ordinal order of their identities. Rings derived from it depend on
    /// the order of the changes: see <see cref="Anchor{TMember}"/>.
    /// </summary>
    /// <typeparam name="TMember">The type of the members.</typeparam>
    /// <param name="members">The members, in any order; may be empty.</param>
    /// <param name="hashKey">
    /// Gets a member's identity: a value that survives a restart, such as the name of a pod of a StatefulSet; never an address.
    /// </param>
    /// <param name="weight">
    /// Gets a member's share relative to others, from 1 to <see cref="RingLimits.MaxWeight"/>. The default is null: 1 for each member.
    /// </param>
    /// <param name="zone">
    /// Gets a member's zone. Every zone gets one replica before any zone gets a second one. Members whose zone is null form a zone of their
    /// own. The default is null: members have no zones.
    /// </param>
    /// <param name="capacity">
    /// The largest sum of all weights that the ring can ever have, from 1 to <see cref="MaxCapacity"/>; it cannot change later. Each unit
    /// takes 24 bytes in every ring. 0, the default, means the smallest power of two that is at least twice the current sum of all weights,
    /// and at least 16. If several processes start with different members, specify a number.
    /// </param>
    /// <returns>The ring.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="members"/> or <paramref name="hashKey"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Two members have the same identity; an identity is empty; an identity or a zone is not well-formed Unicode; a weight or the capacity
    /// is out of range; the weights add up to more than the capacity; or there are more than <see cref="RingLimits.MaxMembers"/> members.
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

    private static int CapacityFor(int weights) =>
        (int)Math.Clamp(BitOperations.RoundUpToPowerOf2(2 * (uint)weights), SmallestDefault, MaxCapacity);
}

/// <summary>
/// A ring that uses AnchorHash: shares follow the weights, apart from random variation, and a join or a leave of any member moves only the
/// keys that must move. A member that joins after a leave gets exactly the keys of the member that left last, if both have the same weight.
/// The drawback is that this is the only ring that depends on earlier changes. <b>The placement of keys depends on the order in which
/// members joined and left, and not only on the current members.</b> Use it if one process makes all decisions, or if all processes apply
/// the same log of changes from the same initial state. Otherwise use a <see cref="HashRing{TMember}"/>, which is the same for the same
/// members regardless of history.
/// </summary>
/// <remarks>
/// <para>The same initial state and the same changes result in the same owners and the same <see cref="Fingerprint"/>; processes that
/// disagree on any key have different fingerprints. A ring of the same members with another history usually has another fingerprint.
/// <see cref="Only"/> creates a ring without that history.</para>
/// <para>The layout is the format <c>Anchor/1</c>, which never changes under this name. It is AnchorHash with minimal memory (Mendelson,
/// Vargaftik, Barabash, Lorenz, Keslassy and Orda, <i>AnchorHash: A Scalable Consistent Hash</i>, 2020). There are <c>capacity</c> buckets,
/// numbered from 0, and each member has as many buckets as its weight: when the ring is created, these are the first buckets, in the order
/// of identities; the remaining buckets are removed, the greatest number first. A member that joins, or becomes heavier, gets the bucket
/// that was removed last, once for each unit of weight. When a member leaves, or becomes lighter, its bucket with the greatest number is
/// removed, once for each unit. A lookup draws buckets until it draws one that is not removed. Draw <c>s</c> from <c>m</c> buckets is the
/// high half of the product of <c>m</c> and XXH64 of the 8 bytes of the key's hash, the least significant first, with the seed
/// <c>s</c>. The first draw is draw 0 from all buckets; after
/// a removed bucket <c>b</c>, the next is draw <c>b + 1</c> from as many buckets as were left after its removal. The number drawn is a
/// bucket. If that bucket was removed before <c>b</c>, its successor replaces it, repeatedly, until it is a bucket that was left after the
/// removal of <c>b</c>. The successor of a bucket is the one that took its place in the list of working buckets when it was removed (array
/// K of the paper). Replicas are chosen in this order: first the owner, then the members that lookups of 63 more hashes find, which are
/// XXH64 of the same 8 bytes with the seeds
/// 1 to 63. A member that was found before is skipped. The members that were never found follow in the order of buckets, starting after
/// the last one found and wrapping around.</para>
/// <para>The parameters in the fingerprint are the capacity and a chain, as in <see cref="IRing{TMember}.Fingerprint"/>, over the removed
/// buckets in the order of their removal, then over each other bucket and the UTF-8 of its member's identity.</para>
/// <para>A lookup costs about 1 + ln(capacity ÷ sum of all weights) hashes of a few nanoseconds; a change costs a copy of all buckets. When
/// a member leaves, its keys are spread equally over all others, and do not go to their second replicas as on a
/// <see cref="HashRing{TMember}"/>. Immutable and thread-safe.</para>
/// </remarks>
/// <typeparam name="TMember">The type of the members.</typeparam>
public sealed class Anchor<TMember> : IRing<TMember>
{
    private readonly MemberTable<TMember> _table;
    private readonly AnchorBuckets _buckets;
    private readonly TMember[] _owners;

    private Anchor(MemberTable<TMember> table, AnchorBuckets buckets)
    {
        (_table, _buckets) = (table, buckets);
        _owners = Array.ConvertAll(table.BySlot, member => member is null ? default! : member.Member);
        Fingerprint = table.Fingerprint("Anchor/1", (ulong)buckets.Count, buckets.State(table));
    }

    /// <summary>Gets the largest sum of all weights that the ring can have.</summary>
    public int Capacity => _buckets.Count;

    /// <inheritdoc/>
    public ImmutableArray<TMember> Members => _table.Members;

    /// <inheritdoc/>
    public MemberTraits<TMember> Traits => _table.Traits;

    /// <summary>
    /// Gets the ring's fingerprint; equal fingerprints mean identical placement. It covers the algorithm, its version, the capacity, the
    /// identity, weight and zone of every member, and the part of the history that still affects placement. Processes with different
    /// fingerprints do not agree, even if they have the same members.
    /// </summary>
    public ulong Fingerprint { get; }

    /// <inheritdoc/>
    public bool TryGetOwner(KeyHash key, [MaybeNullWhen(false)] out TMember owner)
    {
        if (_buckets.Working == 0)
        {
            owner = default;
            return false;
        }

        owner = _owners[_buckets.SlotAt(_buckets.Find(key.Value))];
        return true;
    }

    /// <inheritdoc/>
    public int GetReplicas(KeyHash key, Span<TMember> replicas)
    {
        var seen = new SlotSet(_owners.Length, stackalloc ulong[SlotSet.WordsOnStack(_owners.Length)]);
        var preference = new BucketPreference<AnchorBuckets>(_buckets, key.Value, seen);
        var found = ReplicaChoice.Choose(_table, ref preference, replicas);
        seen.Return();
        return found;
    }

    /// <inheritdoc cref="IRing{TMember}.With"/>
    /// <exception cref="ArgumentException">
    /// The identity is empty, the identity or the zone is not well-formed Unicode, the weight is out of range, or all weights would add up
    /// to more than <see cref="Capacity"/>.
    /// </exception>
    public Anchor<TMember> With(TMember member)
    {
        var table = _table.With(member);
        var known = table.Find(Traits.HashKeyOf(member))!;
        var difference = known.Weight - (_table.Find(known.HashKey)?.Weight ?? 0);
        CheckCapacity(_buckets.Working + difference, Capacity);
        return new(table, difference == 0 ? _buckets : _buckets.Resized(known.Slot, difference));
    }

    /// <inheritdoc cref="IRing{TMember}.Without"/>
    public Anchor<TMember> Without(TMember member) => _table.Find(Traits.HashKeyOf(member)) is { } known
        ? new(_table.Without(member), _buckets.Resized(known.Slot, -known.Weight))
        : this;

    /// <summary>
    /// Creates a ring of a subset of the members, identical to a ring created from only those members with the same capacity. It drops the
    /// history, so keys can move.
    /// </summary>
    /// <param name="isMember">Whether a member stays.</param>
    /// <returns>The ring of the members that stay.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="isMember"/> is null.</exception>
    public Anchor<TMember> Only(Func<TMember, bool> isMember)
    {
        ArgumentNullException.ThrowIfNull(isMember);
        return Of(_table.Only(isMember), Capacity);
    }

    IRing<TMember> IRing<TMember>.With(TMember member) => With(member);

    IRing<TMember> IRing<TMember>.Without(TMember member) => Without(member);

    IRing<TMember> IRing<TMember>.Only(Func<TMember, bool> isMember) => Only(isMember);

    internal static Anchor<TMember> Of(MemberTable<TMember> table, int capacity)
    {
        CheckCapacity(table.ByRank.Sum(member => member.Weight), capacity);
        return new(table, AnchorBuckets.Of(capacity, Array.ConvertAll(table.ByRank, member => member.Weight)));
    }

    private static void CheckCapacity(int weights, int capacity)
    {
        if (weights > capacity)
        {
            throw new ArgumentException(
                $"The weights would add up to {weights}; the ring has room for {capacity}. To fix: give Anchor.Create a greater capacity, "
                + $"up to {Anchor.MaxCapacity}, or smaller weights; that makes another ring, on which keys are elsewhere.");
        }
    }
}
