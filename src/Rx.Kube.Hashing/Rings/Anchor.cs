using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
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

/// <summary>
/// AnchorHash: members own exactly as much as they weigh, but for chance, and a join or a leave of any member moves no key that need not move. Who joins after a
/// leave gets just the keys of the one who left last. The price: it is the only ring that remembers. <b>Where keys are depends on the order in
/// which members joined and left, not only on who is there.</b> Use it where one process decides, or where all follow one log of changes from
/// the same start; else use a <see cref="HashRing{TMember}"/>, which is the same for the same members whatever happened before.
/// </summary>
/// <remarks>
/// <para>The same start and the same changes give the same owners and the same <see cref="Fingerprint"/>, and processes that disagree on any key have different
/// ones. A ring of the same members with another history mostly has another fingerprint: make it anew, with <see cref="Only"/>, to forget the history.</para>
/// <para>The layout is a format, <c>Anchor/1</c>, which does not change under this name. It is AnchorHash with minimal memory (Mendelson, Vargaftik,
/// Barabash, Lorenz, Keslassy and Orda, <i>AnchorHash: A Scalable Consistent Hash</i>, 2020). Of <c>capacity</c> buckets the members have as many as they
/// weigh: the first ones, in the order of identities, when the ring is made; the rest are taken out, the greatest first. A member that joins, or becomes
/// heavier, is given the bucket that was taken out last, once for each unit of weight; of one that leaves, or becomes lighter, its greatest bucket
/// is taken out, once for each. The hashes of a key: draw <c>s</c> from <c>m</c> buckets is the high half of the product of <c>m</c> and XXH64 of the
/// key's 8 bytes, the least significant first, with the seed <c>s</c>; the first draw is draw 0 from all, and at a bucket <c>b</c> that is out it is draw
/// <c>b + 1</c> from as many as were in afterwards. The order in which a key prefers the members after its owner: draw <c>i</c>, from 1 to 63, is what XXH64
/// of its 8 bytes with the seed <c>i</c> finds; who has been found before is passed over; who is never found follows in the order of buckets after the last
/// one found, round and round. From that order replicas are chosen.</para>
/// <para>The parameters in the fingerprint are the capacity and a chain, as in <see cref="IRing{TMember}.Fingerprint"/>, over the buckets that are out in the order in which they
/// were taken out, then over each other bucket and the UTF-8 of its member's identity.</para>
/// <para>A lookup costs about 1 + ln(capacity ÷ weights) hashes of a few nanoseconds, a change a copy of all buckets. When a member leaves, its keys go to all
/// others alike, and not to their second replicas, as those of a <see cref="HashRing{TMember}"/> do.</para>
/// </remarks>
/// <typeparam name="TMember">What owns keys.</typeparam>
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

    /// <summary>The most that all weights can add up to.</summary>
    public int Capacity => _buckets.Count;

    /// <inheritdoc/>
    public ImmutableArray<TMember> Members => _table.Members;

    /// <inheritdoc/>
    public MemberTraits<TMember> Traits => _table.Traits;

    /// <summary>
    /// A number for the algorithm, its version, the capacity, the identity, weight and zone of every member, and all of the history that still matters.
    /// Processes with the same number place every key alike; with different numbers they do not agree, even if they have the same members.
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
        var preference = new BucketPreference<AnchorBuckets>(_buckets, key.Value, stackalloc ulong[(_owners.Length + 63) / 64]);
        return ReplicaChoice.Choose(_table, ref preference, replicas);
    }

    /// <inheritdoc cref="IRing{TMember}.With"/>
    /// <exception cref="ArgumentException">
    /// Its identity is empty, it or its zone is not well-formed Unicode, its weight is out of range, or all weights would add up to more than <see cref="Capacity"/>.
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

    /// <summary>The ring of some of the members, as if it had been made of them with the same capacity: what happened before is forgotten, so keys may move.</summary>
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
                $"The weights would add up to {weights}, of {capacity} that the ring has room for. Give Anchor.Create a greater capacity, up to {Anchor.MaxCapacity}, "
                + "or smaller weights; that makes another ring, on which keys are elsewhere.");
        }
    }
}
