using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>What members own, as ranges of hashes, and what moves from one ring to another.</summary>
public static class RangedRing
{
    /// <summary>What a member owns: ranges in ascending order; those of one rank neither overlap nor touch. None if it is not on the ring.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="member">A member, known by its identity.</param>
    /// <param name="replicationFactor">How many replicas a key has, from 1; with 1 only what the member is the owner of.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="replicationFactor"/> is less than 1.</exception>
    public static ImmutableArray<OwnedRange> OwnedBy<TMember>(this IRangedRing<TMember> ring, TMember member, int replicationFactor = 1)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicationFactor, 1);
        var (self, owned) = (ring.Traits.HashKeyOf(member), ImmutableArray.CreateBuilder<OwnedRange>());
        var (replicas, found) = (new TMember[Math.Min(replicationFactor, ring.Members.Length)], 0);
        for (KeyRange? next = ring.RangeOf(default); next is { } range; next = ring.After(range))
        {
            found = ring.GetReplicas(new KeyHash(range.First), replicas);
            var rank = Array.FindIndex(replicas, 0, found, replica => ring.Traits.HashKeyOf(replica) == self);
            if (rank >= 0 && owned.Count > 0 && owned[^1].Rank == rank && owned[^1].Range.Last + 1 == range.First)
            {
                owned[^1] = new OwnedRange(new KeyRange(owned[^1].Range.First, range.Last), rank);
            }
            else if (rank >= 0)
            {
                owned.Add(new OwnedRange(range, rank));
            }
        }

        return owned.ToImmutable();
    }

    /// <summary>How much each member owns, in the order of <see cref="IRing{TMember}.Members"/>. The shares of a ring with members add up to 1.</summary>
    public static ImmutableArray<MemberShare<TMember>> Shares<TMember>(this IRangedRing<TMember> ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        var lengths = new Dictionary<string, UInt128>(StringComparer.Ordinal);
        for (KeyRange? next = ring.RangeOf(default); next is { } range; next = ring.After(range))
        {
            if (ring.TryGetOwner(new KeyHash(range.First), out var owner))
            {
                var name = ring.Traits.HashKeyOf(owner);
                lengths[name] = lengths.GetValueOrDefault(name) + range.Length;
            }
        }

        var weights = ring.Members.Sum(member => (double)ring.Traits.WeightOf(member));
        return [.. ring.Members.Select(member => new MemberShare<TMember>(
            member, KeyRange.Fraction(lengths.GetValueOrDefault(ring.Traits.HashKeyOf(member))), ring.Traits.WeightOf(member) / weights))];
    }

    /// <summary>What is different from an earlier ring, or from one that is only imagined: what moves, and how much more than must.</summary>
    /// <param name="ring">The ring after.</param>
    /// <param name="previous">The ring before; null for none, so that everything is new. A member of the same identity is the same member.</param>
    /// <param name="replicationFactor">How many replicas a key has, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="replicationFactor"/> is less than 1.</exception>
    public static RingDiff<TMember> DiffFrom<TMember>(this IRangedRing<TMember> ring, IRangedRing<TMember>? previous, int replicationFactor = 1)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicationFactor, 1);
        return new RingDiff<TMember>(previous, ring, replicationFactor);
    }

    /// <summary>The range after this one; null if this is the last.</summary>
    internal static KeyRange? After<TMember>(this IRangedRing<TMember> ring, KeyRange range) =>
        range.Last == ulong.MaxValue ? null : ring.RangeOf(new KeyHash(range.Last + 1));
}

/// <summary>The keys in <paramref name="Range"/> are a member's.</summary>
/// <param name="Range">The hashes.</param>
/// <param name="Rank">As which replica: 0 is the owner.</param>
public readonly record struct OwnedRange(KeyRange Range, int Rank);

/// <summary>How much of all hashes a member owns.</summary>
/// <param name="Member">The member.</param>
/// <param name="Share">What it owns, from 0 to 1; exact but for rounding.</param>
/// <param name="Ideal">What it would own if its weight were followed exactly.</param>
/// <typeparam name="TMember">What owns keys.</typeparam>
public readonly record struct MemberShare<TMember>(TMember Member, double Share, double Ideal);
