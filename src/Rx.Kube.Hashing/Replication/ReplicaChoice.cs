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
/// has its first, nor its third before each zone that can has its second; within that, in the order of preference.
/// </summary>
internal static class ReplicaChoice
{
    private const int OnStack = 64;

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

    private static void Spread<TMember, TPreference>(MemberTable<TMember> table, ref TPreference preference, scoped Span<int> slots)
        where TPreference : IPreference, allows ref struct
    {
        var (skipped, skippedCount, found) = (ArrayPool<int>.Shared.Rent(table.Count), 0, 0);
        for (var round = 1; found < slots.Length; round++)
        {
            // Zones that are too small for this round have all their members among the replicas.
            var roundEnds = found;
            foreach (var size in table.ZoneSizes)
            {
                roundEnds += size >= round ? 1 : 0;
            }

            for (var i = 0; i < skippedCount && found < roundEnds && found < slots.Length; i++)
            {
                if (skipped[i] >= 0 && CountInZone(table, slots[..found], skipped[i]) < round)
                {
                    slots[found++] = skipped[i];
                    skipped[i] = -1;
                }
            }

            while (found < roundEnds && found < slots.Length)
            {
                var slot = preference.Next();
                if (CountInZone(table, slots[..found], slot) < round)
                {
                    slots[found++] = slot;
                }
                else
                {
                    skipped[skippedCount++] = slot;
                }
            }
        }

        ArrayPool<int>.Shared.Return(skipped);
    }

    private static int CountInZone<TMember>(MemberTable<TMember> table, ReadOnlySpan<int> chosen, int slot)
    {
        var (zone, count) = (table.BySlot[slot]!.Zone, 0);
        foreach (var other in chosen)
        {
            count += table.BySlot[other]!.Zone == zone ? 1 : 0;
        }

        return count;
    }
}
