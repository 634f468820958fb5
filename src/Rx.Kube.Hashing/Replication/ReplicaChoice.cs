using System.Buffers;

namespace Rx.Kube;

/// <summary>
/// The slots of all members in the order in which a key prefers them, each once, the owner first; found one at a time, on demand.
/// </summary>
internal interface IPreference
{
    /// <summary>Gets the next slot; -1 when none is left.</summary>
    int Next();
}

/// <summary>
/// Chooses the replicas of a key from the order in which it prefers members. With zones, no zone gets its second replica before each zone
/// has its first, nor its third before each zone that can has its second; within that, in the order of preference: in round n, each zone
/// with at least n members gets its nth, and the members of a round are in the order of preference.
/// </summary>
internal static class ReplicaChoice
{
    private const int OnStack = 64;
    private const int CountersOnStack = 128;

    /// <summary>Fills <paramref name="replicas"/>, and returns how many there are.</summary>
    public static int Choose<TMember, TPreference>(MemberTable<TMember> table, ref TPreference preference, Span<TMember> replicas)
        where TPreference : IPreference, allows ref struct
    {
        var wanted = Math.Min(replicas.Length, table.Count);
        var rented = wanted > OnStack ? ArrayPool<int>.Shared.Rent(wanted) : null;
        var slots = (rented ?? stackalloc int[OnStack])[..wanted];
        if (table.ZoneSizes.Length < 2)
        {
            for (var i = 0; i < slots.Length; i++)
            {
                slots[i] = preference.Next();
            }
        }
        else
        {
            Spread(table, ref preference, slots);
        }

        for (var i = 0; i < slots.Length; i++)
        {
            replicas[i] = table.BySlot[slots[i]]!.Member;
        }

        if (rented is not null)
        {
            ArrayPool<int>.Shared.Return(rented);
        }

        return wanted;
    }

    // Members come in the order of preference, so the nth one of its zone takes the next free place of round n. Every step takes constant
    // time, so the whole choice is linear in the number of members that it looks at.
    private static void Spread<TMember, TPreference>(MemberTable<TMember> table, ref TPreference preference, scoped Span<int> slots)
        where TPreference : IPreference, allows ref struct
    {
        var (zones, rounds) = (table.ZoneSizes.Length, Math.Min(table.RoundStarts.Length, slots.Length));
        var rented = zones + rounds > CountersOnStack ? ArrayPool<int>.Shared.Rent(zones + rounds) : null;
        var counters = (rented ?? stackalloc int[CountersOnStack])[..(zones + rounds)];
        counters.Clear();
        var inZone = counters[..zones];
        var inRound = counters[zones..];
        for (var found = 0; found < slots.Length;)
        {
            var slot = preference.Next();
            var round = inZone[table.ZoneBySlot[slot]]++;
            if (round < rounds && table.RoundStarts[round] + inRound[round]++ is var place && place < slots.Length)
            {
                slots[place] = slot;
                found++;
            }
        }

        if (rented is not null)
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }
}
