using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Rx.Kube;

/// <summary>Makes rings of members with ordinals, such as the pods of a StatefulSet.</summary>
public static class Jump
{
    /// <summary>A ring of names that end in their ordinals, such as <c>cache-0</c>, <c>cache-1</c>, <c>cache-2</c>; each is its own identity.</summary>
    /// <param name="names">Names with the ordinals 0 to n − 1, in any order. None is allowed.</param>
    /// <param name="zone">Where a member is, as with <see cref="Create{TMember}"/>.</param>
    /// <exception cref="ArgumentException">As with <see cref="Create{TMember}"/>; or a name does not end in an ordinal.</exception>
    public static Jump<string> Create(IEnumerable<string> names, Func<string, string?>? zone = null) => Create(names, name => name, OrdinalOf, zone);

    /// <summary>A ring of the members, in whatever order they come.</summary>
    /// <param name="members">Who owns keys: n members with the ordinals 0 to n − 1. None is allowed.</param>
    /// <param name="hashKey">A member's identity: what stays when it restarts, such as the name of a pod of a StatefulSet; never an address.</param>
    /// <param name="ordinal">A member's ordinal, which places it; <see cref="OrdinalOf"/> takes it from a name.</param>
    /// <param name="zone">
    /// Where a member is: then replicas are spread over zones before any zone has two. Null, or a member's null, is one zone more; by default there are none.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Two members have one identity or one ordinal; an ordinal of 0 to n − 1 is missing; an identity is empty; it or a zone is not well-formed Unicode; or there are
    /// more members than <see cref="RingLimits"/> allow.
    /// </exception>
    public static Jump<TMember> Create<TMember>(
        IEnumerable<TMember> members, Func<TMember, string> hashKey, Func<TMember, int> ordinal, Func<TMember, string?>? zone = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(ordinal);
        return Jump<TMember>.Of(MemberTable<TMember>.Of(members, new(hashKey, null, zone)), ordinal);
    }

    /// <summary>The ordinal in which a name ends: 3 for <c>cache-3</c>, as Kubernetes names the pods of a StatefulSet.</summary>
    /// <exception cref="ArgumentException">The name does not end in a hyphen and a number without leading zeros, less than 2^31.</exception>
    public static int OrdinalOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var digits = name.AsSpan(name.LastIndexOf('-') + 1);
        return digits.Length < name.Length && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            && (digits.Length == 1 || digits[0] != '0')
            ? ordinal
            : throw new ArgumentException(
                $"'{name}' does not end in an ordinal, as 'cache-3' does. Say what the ordinal of a member is, or use a HashRing, which needs none.", nameof(name));
    }
}

/// <summary>
/// The jump consistent hash: members with the ordinals 0 to n − 1, of which only the last can leave and only the next can join, as a StatefulSet scales.
/// In return all members own equally much, a ring takes hardly any memory, and a join or a leave moves no key that need not move. Where any member
/// may leave, use a <see cref="HashRing{TMember}"/>; where one only restarts, keep it on the ring and pass over it while it is not well.
/// </summary>
/// <remarks>
/// <para>The layout is a format, <c>Jump/1</c>, which does not change under this name. The owner of a hash is the member whose ordinal is the jump
/// consistent hash of it (Lamping and Veach, <i>A Fast, Minimal Memory, Consistent Hash Algorithm</i>, 2014) over as many buckets as there are members.
/// The order in which a hash prefers the others: draw <c>i</c>, from 1 to 63, is the jump consistent hash of XXH64 of the hash's 8 bytes, the least
/// significant first, with the seed <c>i</c>; who has been drawn before is passed over; who is never drawn follows in the order of ordinals after the
/// last one drawn, round and round. From that order replicas are chosen. The parameters in the fingerprint are the ordinals, in the order of identities.</para>
/// <para>A lookup costs about ln n steps of a few nanoseconds, a change what n words cost. When the last member leaves, its keys go to all others alike, and
/// not to their second replicas, as those of a <see cref="HashRing{TMember}"/> do.</para>
/// </remarks>
/// <typeparam name="TMember">What owns keys.</typeparam>
public sealed class Jump<TMember> : IRing<TMember>
{
    private const string Cure = "Keep a member on the ring while it is away, and pass over it by its health (HoldDepartures of Rx.Kube keeps it); "
        + "or use a HashRing, which any member can join and leave.";

    private readonly MemberTable<TMember> _table;
    private readonly Func<TMember, int> _ordinal;
    private readonly int[] _slots;
    private readonly TMember[] _owners;

    private Jump(MemberTable<TMember> table, Func<TMember, int> ordinal, int[] slots)
    {
        (_table, _ordinal, _slots) = (table, ordinal, slots);
        _owners = Array.ConvertAll(slots, slot => table.BySlot[slot]!.Member);
        var ordinals = new ulong[table.BySlot.Length];
        for (var i = 0; i < slots.Length; i++)
        {
            ordinals[slots[i]] = (ulong)i;
        }

        Fingerprint = table.Fingerprint("Jump/1", Array.ConvertAll(table.ByRank, member => ordinals[member.Slot]));
    }

    /// <inheritdoc/>
    public ImmutableArray<TMember> Members => _table.Members;

    /// <inheritdoc/>
    public MemberTraits<TMember> Traits => _table.Traits;

    /// <inheritdoc/>
    public ulong Fingerprint { get; }

    /// <inheritdoc/>
    public bool TryGetOwner(KeyHash key, [MaybeNullWhen(false)] out TMember owner)
    {
        if (_owners.Length == 0)
        {
            owner = default;
            return false;
        }

        owner = _owners[JumpBuckets.Find(key.Value, _owners.Length)];
        return true;
    }

    /// <inheritdoc/>
    public int GetReplicas(KeyHash key, Span<TMember> replicas)
    {
        var preference = new BucketPreference<JumpBuckets>(new(_slots), key.Value, stackalloc ulong[(_table.BySlot.Length + 63) / 64]);
        return ReplicaChoice.Choose(_table, ref preference, replicas);
    }

    /// <summary>
    /// The ring with the member, whose ordinal is that of the member with the same identity, whose place it takes without moving a key; or else n, one more
    /// than the last.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// Its ordinal is neither; its identity is empty; it or its zone is not well-formed Unicode; or there are more members than <see cref="RingLimits"/> allow.
    /// </exception>
    public Jump<TMember> With(TMember member)
    {
        var table = _table.With(member);
        var (known, ordinal) = (table.Find(Traits.HashKeyOf(member))!, _ordinal(member));
        if (table.Count == _table.Count)
        {
            var own = Array.IndexOf(_slots, known.Slot);
            return ordinal == own ? new(table, _ordinal, _slots)
                : throw new ArgumentException($"'{known.HashKey}' has the ordinal {own}, which cannot become {ordinal}. {Cure}", nameof(member));
        }

        return ordinal == _slots.Length ? new(table, _ordinal, [.. _slots, known.Slot]) : throw new ArgumentException(
            $"'{known.HashKey}' has the ordinal {ordinal}, and only the next, {_slots.Length}, can join. {Cure}", nameof(member));
    }

    /// <summary>The ring without the member of the same identity, whose ordinal is the last, n − 1; this one if there is none.</summary>
    /// <exception cref="ArgumentException">Its ordinal is not the last.</exception>
    public Jump<TMember> Without(TMember member)
    {
        var table = _table.Without(member);
        if (ReferenceEquals(table, _table))
        {
            return this;
        }

        var known = _table.Find(Traits.HashKeyOf(member))!;
        return known.Slot == _slots[^1] ? new(table, _ordinal, _slots[..^1]) : throw new ArgumentException(
            $"'{known.HashKey}' has the ordinal {Array.IndexOf(_slots, known.Slot)}, and only the last, {_slots.Length - 1}, can leave. {Cure}", nameof(member));
    }

    /// <inheritdoc cref="IRing{TMember}.Only"/>
    /// <exception cref="ArgumentException">Those that stay, k members, have other ordinals than 0 to k − 1.</exception>
    public Jump<TMember> Only(Func<TMember, bool> isMember)
    {
        ArgumentNullException.ThrowIfNull(isMember);
        return Of(_table.Only(isMember), _ordinal);
    }

    IRing<TMember> IRing<TMember>.With(TMember member) => With(member);

    IRing<TMember> IRing<TMember>.Without(TMember member) => Without(member);

    IRing<TMember> IRing<TMember>.Only(Func<TMember, bool> isMember) => Only(isMember);

    internal static Jump<TMember> Of(MemberTable<TMember> table, Func<TMember, int> ordinal)
    {
        var slots = new int[table.Count];
        Array.Fill(slots, -1);
        foreach (var member in table.ByRank)
        {
            var own = ordinal(member.Member);
            if (own < 0 || own >= slots.Length || slots[own] >= 0)
            {
                throw new ArgumentException(
                    $"'{member.HashKey}' has the ordinal {own}; {slots.Length} members have the ordinals 0 to {slots.Length - 1}, each once. {Cure}");
            }

            slots[own] = member.Slot;
        }

        return new(table, ordinal, slots);
    }
}
