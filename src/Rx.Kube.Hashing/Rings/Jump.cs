using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Rx.Kube;

/// <summary>Creates rings of members with ordinals, such as the pods of a StatefulSet.</summary>
public static class Jump
{
    /// <summary>
    /// Creates a ring of names that end in their ordinals, such as <c>cache-0</c>, <c>cache-1</c>, <c>cache-2</c>. Each name is its own
    /// identity.
    /// </summary>
    /// <param name="names">The names, with the ordinals 0 to n − 1, in any order; may be empty.</param>
    /// <param name="zone">Gets a member's zone, as for <see cref="Create{TMember}"/>.</param>
    /// <returns>The ring.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="names"/> is null.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Create{TMember}"/>; or a name does not end in an ordinal.</exception>
    public static Jump<string> Create(IEnumerable<string> names, Func<string, string?>? zone = null) =>
        Create(names, name => name, OrdinalOf, zone);

    /// <summary>Creates a ring of members.</summary>
    /// <typeparam name="TMember">The type of the members.</typeparam>
    /// <param name="members">The members, n of them with the ordinals 0 to n − 1, in any order; may be empty.</param>
    /// <param name="hashKey">
    /// Gets a member's identity: a value that survives a restart, such as the name of a pod of a StatefulSet; never an address.
    /// </param>
    /// <param name="ordinal">Gets a member's ordinal, which determines its position. <see cref="OrdinalOf"/> gets it from a name.</param>
    /// <param name="zone">
    /// Gets a member's zone. Every zone gets one replica before any zone gets a second one. Members whose zone is null form a zone of their
    /// own. The default is null: members have no zones.
    /// </param>
    /// <returns>The ring.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="members"/>, <paramref name="hashKey"/> or <paramref name="ordinal"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// Two members have the same identity or the same ordinal; an ordinal from 0 to n − 1 is missing; an identity is empty; an identity or
    /// a zone is not well-formed Unicode; or there are more than <see cref="RingLimits.MaxMembers"/> members.
    /// </exception>
    public static Jump<TMember> Create<TMember>(
        IEnumerable<TMember> members, Func<TMember, string> hashKey, Func<TMember, int> ordinal, Func<TMember, string?>? zone = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(ordinal);
        return Jump<TMember>.Of(MemberTable<TMember>.Of(members, new(hashKey, null, zone)), ordinal);
    }

    /// <summary>Gets the ordinal at the end of a name: 3 for <c>cache-3</c>, as Kubernetes names the pods of a StatefulSet.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The ordinal, from 0 to 2^31 − 1.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The name does not end in a hyphen and a number without leading zeros, less than 2^31.
    /// </exception>
    public static int OrdinalOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var digits = name.AsSpan(name.LastIndexOf('-') + 1);
        return digits.Length < name.Length && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            && (digits.Length == 1 || digits[0] != '0')
            ? ordinal
            : throw new ArgumentException(
                $"'{name}' does not end in an ordinal, as 'cache-3' does. To fix: give Jump.Create a function for the ordinal, "
                + "or use a HashRing, which needs none.",
                nameof(name));
    }
}

/// <summary>
/// A ring that uses jump consistent hashing: members have the ordinals 0 to n − 1; only the last member can leave and only the next can
/// join, as when a StatefulSet scales. In return, all members own equal shares, a ring takes very little memory, and a join or a leave
/// moves only the keys that must move. If any member can leave, use a <see cref="HashRing{TMember}"/>. If a member only restarts, keep it
/// on the ring and skip it while it is unhealthy.
/// </summary>
/// <remarks>
/// <para>The layout is the format <c>Jump/1</c>, which never changes under this name. The owner of a hash is the member whose ordinal is
/// the jump consistent hash of it (Lamping and Veach, <i>A Fast, Minimal Memory, Consistent Hash Algorithm</i>, 2014) over as many buckets
/// as there are members. Replicas are chosen in this order: first the owner, then the members that 63 draws find. Draw
/// <c>i</c>, from 1 to 63, is the jump consistent hash of XXH64 of the hash's 8 bytes, the least significant first, with the seed <c>i</c>.
/// A member that was drawn before is skipped. The members that were never drawn follow in the order of ordinals, starting after the last
/// one drawn and wrapping around. The parameters in the fingerprint are the ordinals, in the order of identities.</para>
/// <para>A lookup costs about ln n steps of a few nanoseconds; a change costs a copy of n words. When the last member leaves, its keys are
/// spread equally over all others, and do not go to their second replicas as on a <see cref="HashRing{TMember}"/>. Immutable and
/// thread-safe.</para>
/// </remarks>
/// <typeparam name="TMember">The type of the members.</typeparam>
public sealed class Jump<TMember> : IRing<TMember>
{
    private const string Fix = "To fix: keep a member on the ring while it is away, and skip it by its health "
        + "(HoldDepartures of Rx.Kube keeps it); or use a HashRing, which any member can join and leave.";

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
        var seen = new SlotSet(_table.BySlot.Length, stackalloc ulong[SlotSet.WordsOnStack(_table.BySlot.Length)]);
        var preference = new BucketPreference<JumpBuckets>(new(_slots), key.Value, seen);
        var found = ReplicaChoice.Choose(_table, ref preference, replicas);
        seen.Return();
        return found;
    }

    /// <summary>
    /// Creates a ring that includes a member. Its ordinal must be either the ordinal of the member with the same identity, which it then
    /// replaces without moving a key, or n, one more than the last ordinal.
    /// </summary>
    /// <param name="member">The member.</param>
    /// <returns>The ring with the member. This ring stays unchanged.</returns>
    /// <exception cref="ArgumentException">
    /// The ordinal is neither of these; the identity is empty; the identity or the zone is not well-formed Unicode; or there would be more
    /// than <see cref="RingLimits.MaxMembers"/> members.
    /// </exception>
    public Jump<TMember> With(TMember member)
    {
        var table = _table.With(member);
        var (known, ordinal) = (table.Find(Traits.HashKeyOf(member))!, _ordinal(member));
        if (table.Count == _table.Count)
        {
            var own = Array.IndexOf(_slots, known.Slot);
            return ordinal == own ? new(table, _ordinal, _slots)
                : throw new ArgumentException(
                    $"'{known.HashKey}' has the ordinal {own}, which cannot become {ordinal}. {Fix}", nameof(member));
        }

        return ordinal == _slots.Length ? new(table, _ordinal, [.. _slots, known.Slot]) : throw new ArgumentException(
            $"'{known.HashKey}' has the ordinal {ordinal}, and only the next, {_slots.Length}, can join. {Fix}", nameof(member));
    }

    /// <summary>Creates a ring without a member, whose ordinal must be the last, n − 1.</summary>
    /// <param name="member">The member; only its identity is used.</param>
    /// <returns>The ring without the member; this ring if it has no such member.</returns>
    /// <exception cref="ArgumentException">The ordinal is not the last.</exception>
    public Jump<TMember> Without(TMember member)
    {
        var table = _table.Without(member);
        if (ReferenceEquals(table, _table))
        {
            return this;
        }

        var known = _table.Find(Traits.HashKeyOf(member))!;
        return known.Slot == _slots[^1] ? new(table, _ordinal, _slots[..^1]) : throw new ArgumentException(
            $"'{known.HashKey}' has the ordinal {Array.IndexOf(_slots, known.Slot)}; only the last, {_slots.Length - 1}, can leave. {Fix}",
            nameof(member));
    }

    /// <inheritdoc cref="IRing{TMember}.Only"/>
    /// <exception cref="ArgumentException">The k members that stay have other ordinals than 0 to k − 1.</exception>
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
                    $"'{member.HashKey}' has the ordinal {own}; "
                    + $"{slots.Length} members must have the ordinals 0 to {slots.Length - 1}. {Fix}");
            }

            slots[own] = member.Slot;
        }

        return new(table, ordinal, slots);
    }
}
