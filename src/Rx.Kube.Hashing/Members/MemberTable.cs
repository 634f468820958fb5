using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace Rx.Kube;

/// <summary>
/// The members of a ring: by rank, the ordinal order of their identities, and by slot, the number that a member keeps while others join and
/// leave. Immutable; a change creates another table that shares the members.
/// </summary>
internal sealed class MemberTable<TMember>
{
    // Names that differ only in half surrogate pairs would have the same bytes, and so the same tokens and fingerprint: such names are
    // refused.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ImmutableStack<int> _freeSlots;
    private readonly string[] _zoneNames;
    private readonly ulong _digest;

    private MemberTable(
        MemberTraits<TMember> traits, PlacedMember<TMember>[] byRank, PlacedMember<TMember>?[] bySlot, TMember[] members,
        ImmutableStack<int> freeSlots, ImmutableSortedDictionary<string, int> zones, int[] zoneBySlot, ulong digest)
    {
        (Traits, ByRank, BySlot, _freeSlots, Zones, _digest) = (traits, byRank, bySlot, freeSlots, zones, digest);
        (_zoneNames, ZoneBySlot, ZoneSizes) = (zones.IsEmpty ? [] : [.. zones.Keys], zoneBySlot, zones.IsEmpty ? [] : [.. zones.Values]);
        RoundStarts = RoundsOf(ZoneSizes);
        Members = ImmutableCollectionsMarshal.AsImmutableArray(members);
    }

    public MemberTraits<TMember> Traits { get; }

    public PlacedMember<TMember>[] ByRank { get; }

    /// <summary>Null where a slot is free.</summary>
    public PlacedMember<TMember>?[] BySlot { get; }

    public ImmutableArray<TMember> Members { get; }

    public int Count => ByRank.Length;

    /// <summary>
    /// Gets the number of members of each zone; a member without one is in the zone "". Empty when the ring has no zones.
    /// </summary>
    public ImmutableSortedDictionary<string, int> Zones { get; }

    /// <summary>Gets the values of <see cref="Zones"/>.</summary>
    public int[] ZoneSizes { get; }

    /// <summary>Gets the index in <see cref="ZoneSizes"/> of each member's zone. Empty when the ring has no zones.</summary>
    public int[] ZoneBySlot { get; }

    /// <summary>
    /// Gets how many replicas of a key come before each round, in which each zone that is large enough gets one more replica. Empty with
    /// fewer than two zones.
    /// </summary>
    public int[] RoundStarts { get; }

    public static MemberTable<TMember> Of(IEnumerable<TMember> members, MemberTraits<TMember> traits)
    {
        var byRank = members.Select(member => Known(traits, member, slot: 0)).ToArray();
        CheckCount(byRank.Length);
        Array.Sort(byRank, (left, right) => string.CompareOrdinal(left.HashKey, right.HashKey));
        for (var rank = 1; rank < byRank.Length; rank++)
        {
            if (byRank[rank].HashKey == byRank[rank - 1].HashKey)
            {
                throw new ArgumentException(
                    $"Two members have the identity '{byRank[rank].HashKey}'. To fix: give each member its own.", nameof(members));
            }
        }

        return Slotted(traits, byRank);
    }

    /// <summary>Creates a table of some of the members, as if it had been created from them.</summary>
    public MemberTable<TMember> Only(Func<TMember, bool> isMember) => Slotted(Traits, [.. ByRank.Where(member => isMember(member.Member))]);

    /// <summary>
    /// Gets a number for everything that places keys: the algorithm, its parameters, and the identity, weight and zone of every member. It
    /// uses the sum of the members' digests, so that order does not matter and a change costs one addition.
    /// </summary>
    public ulong Fingerprint(string algorithm, params ReadOnlySpan<ulong> parameters)
    {
        var hash = Chain.Of(algorithm);
        foreach (var parameter in parameters)
        {
            hash = Chain.Of(parameter, hash);
        }

        return Chain.Of(_digest, Chain.Of((ulong)Count, hash));
    }

    /// <summary>Gets the member with an identity; null if there is none.</summary>
    public PlacedMember<TMember>? Find(string hashKey) => RankOf(hashKey) is >= 0 and var rank ? ByRank[rank] : null;

    /// <summary>Gets the rank of an identity; the complement of its insertion point if it is not there.</summary>
    public int RankOf(string hashKey)
    {
        var (low, high) = (0, ByRank.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            switch (string.CompareOrdinal(ByRank[middle].HashKey, hashKey))
            {
                case 0: return middle;
                case < 0: low = middle + 1; break;
                default: high = middle; break;
            }
        }

        return ~low;
    }

    /// <summary>Creates the table with a member, which replaces a member with the same identity.</summary>
    public MemberTable<TMember> With(TMember member) => With(member, out _, out _);

    /// <summary>Creates the table with a member, and gets the member that it replaces, and the new one.</summary>
    public MemberTable<TMember> With(TMember member, out PlacedMember<TMember>? was, out PlacedMember<TMember> now)
    {
        now = Known(Traits, member, slot: 0);
        var rank = RankOf(now.HashKey);
        if (rank >= 0)
        {
            was = ByRank[rank];
            now = now with { Slot = was.Slot };
            return Changed(
                Spliced(ByRank, rank, 1, [now]), Placed(BySlot, now.Slot, now), Spliced(Members.AsSpan(), rank, 1, [member]), _freeSlots,
                Counted(Counted(Zones, was.Zone, -1), now.Zone, 1), now, _digest - was.Digest + now.Digest);
        }

        CheckCount(Count + 1);
        was = null;
        now = now with { Slot = _freeSlots.IsEmpty ? BySlot.Length : _freeSlots.Peek() };
        return Changed(
            Spliced(ByRank, ~rank, 0, [now]), Placed(BySlot, now.Slot, now), Spliced(Members.AsSpan(), ~rank, 0, [member]),
            _freeSlots.IsEmpty ? _freeSlots : _freeSlots.Pop(), Counted(Zones, now.Zone, 1), now, _digest + now.Digest);
    }

    /// <summary>Creates the table without the member of that identity; this table if there is none.</summary>
    public MemberTable<TMember> Without(TMember member) => Without(member, out _);

    /// <summary>Creates the table without the member of that identity, and gets it; this table and null if there is none.</summary>
    public MemberTable<TMember> Without(TMember member, out PlacedMember<TMember>? was)
    {
        var rank = RankOf(Traits.HashKeyOf(member));
        was = rank < 0 ? null : ByRank[rank];
        return was is null ? this : Changed(
            Spliced<PlacedMember<TMember>>(ByRank, rank, 1, []), Placed(BySlot, was.Slot, null), Spliced(Members.AsSpan(), rank, 1, []),
            _freeSlots.Push(was.Slot), Counted(Zones, was.Zone, -1), null, _digest - was.Digest);
    }

    /// <summary>Gets whether a member is in another zone in the other table.</summary>
    public bool HasMovedTo(MemberTable<TMember> other) =>
        Traits.HasZones && ByRank.Any(member =>
        {
            // In a table that was derived from this one, a member has the same slot. In another one it may have any.
            var there = member.Slot < other.BySlot.Length ? other.BySlot[member.Slot] : null;
            if (ReferenceEquals(there, member))
            {
                return false;
            }

            there = there?.HashKey == member.HashKey ? there : other.Find(member.HashKey);
            return there is not null && there.Zone != member.Zone;
        });

    private static MemberTable<TMember> Slotted(MemberTraits<TMember> traits, PlacedMember<TMember>[] byRank)
    {
        var (zones, digest) = (ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal), 0UL);
        for (var rank = 0; rank < byRank.Length; rank++)
        {
            byRank[rank] = byRank[rank] with { Slot = rank };
            digest += byRank[rank].Digest;
            if (traits.HasZones)
            {
                zones[byRank[rank].Zone] = zones.GetValueOrDefault(byRank[rank].Zone) + 1;
            }
        }

        var allZones = zones.ToImmutable();
        return new(
            traits, byRank, [.. byRank], Array.ConvertAll(byRank, member => member.Member), [], allZones,
            ZonesOf(byRank, allZones), digest);
    }

    private static int[] ZonesOf(PlacedMember<TMember>?[] bySlot, ImmutableSortedDictionary<string, int> zones)
    {
        string[] names = [.. zones.Keys];
        return names.Length == 0
            ? []
            : Array.ConvertAll(bySlot, member => member is null ? 0 : Array.BinarySearch(names, member.Zone, StringComparer.Ordinal));
    }

    private static int[] RoundsOf(int[] zoneSizes)
    {
        if (zoneSizes.Length < 2)
        {
            return [];
        }

        var starts = new int[zoneSizes.Max()];
        foreach (var size in zoneSizes)
        {
            starts[size - 1]++;
        }

        // Here, starts[round] is the number of zones for which the round is the last one.
        for (var (round, place, zones) = (0, 0, zoneSizes.Length); round < starts.Length; round++)
        {
            (starts[round], place, zones) = (place, place + zones, zones - starts[round]);
        }

        return starts;
    }

    private static PlacedMember<TMember> Known(MemberTraits<TMember> traits, TMember member, int slot)
    {
        var (hashKey, weight, zone) = (traits.HashKeyOf(member), traits.WeightOf(member), traits.ZoneOf(member));
        ArgumentException.ThrowIfNullOrEmpty(hashKey);
        ArgumentOutOfRangeException.ThrowIfLessThan(weight, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weight, RingLimits.MaxWeight);
        Utf8Of("zone", zone);
        return new(member, hashKey, Utf8Of("identity", hashKey), weight, zone, slot);
    }

    private static byte[] Utf8Of(string what, string text)
    {
        try
        {
            return Strict.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            var printable = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            throw new ArgumentException($"The {what} '{printable}' contains half a surrogate pair. To fix: give well-formed Unicode.", e);
        }
    }

    private static void CheckCount(int count)
    {
        if (count > RingLimits.MaxMembers)
        {
            throw new ArgumentException($"The ring would have {count} members; the most is {RingLimits.MaxMembers}.");
        }
    }

    // The indices of zones stay the same unless a zone comes or goes.
    private MemberTable<TMember> Changed(
        PlacedMember<TMember>[] byRank, PlacedMember<TMember>?[] bySlot, TMember[] members, ImmutableStack<int> freeSlots,
        ImmutableSortedDictionary<string, int> zones, PlacedMember<TMember>? added, ulong digest)
    {
        var zoneBySlot = ZoneBySlot;
        var zone = added is null ? 0 : Array.BinarySearch(_zoneNames, added.Zone, StringComparer.Ordinal);
        if (zone < 0 || zones.Count != _zoneNames.Length)
        {
            zoneBySlot = ZonesOf(bySlot, zones);
        }
        else if (added is not null)
        {
            zoneBySlot = new int[bySlot.Length];
            ZoneBySlot.CopyTo(zoneBySlot, 0);
            zoneBySlot[added.Slot] = zone;
        }

        return new(Traits, byRank, bySlot, members, freeSlots, zones, zoneBySlot, digest);
    }

    private static T[] Spliced<T>(ReadOnlySpan<T> items, int at, int removed, ReadOnlySpan<T> added) =>
        [.. items[..at], .. added, .. items[(at + removed)..]];

    private static PlacedMember<TMember>?[] Placed(PlacedMember<TMember>?[] bySlot, int slot, PlacedMember<TMember>? member)
    {
        var placed = new PlacedMember<TMember>?[Math.Max(bySlot.Length, slot + 1)];
        bySlot.CopyTo(placed, 0);
        placed[slot] = member;
        return placed;
    }

    private ImmutableSortedDictionary<string, int> Counted(ImmutableSortedDictionary<string, int> zones, string zone, int difference)
    {
        var count = zones.GetValueOrDefault(zone) + difference;
        return !Traits.HasZones ? zones : count == 0 ? zones.Remove(zone) : zones.SetItem(zone, count);
    }
}

/// <summary>A member with what places it, and its slot, a small number by which tokens and tables know it while it stays.</summary>
internal sealed record PlacedMember<TMember>(TMember Member, string HashKey, byte[] Utf8, int Weight, string Zone, int Slot)
{
    /// <summary>Gets a hash of identity, weight and zone.</summary>
    public ulong Digest { get; } = Chain.Of(Utf8, Chain.Of((ulong)Weight, Chain.Of(Zone)));
}
