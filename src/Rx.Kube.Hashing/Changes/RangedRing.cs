using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>Lists what members own, as ranges of hashes, and compares rings.</summary>
public static class RangedRing
{
    /// <summary>Lists what a member holds. Walks over all ranges of the ring.</summary>
    /// <typeparam name="TMember">The type of the members.</typeparam>
    /// <param name="ring">The ring.</param>
    /// <param name="member">The member; only its identity is used.</param>
    /// <param name="replicationFactor">The number of replicas of a key, from 1; with 1, only what the member owns.</param>
    /// <returns>
    /// The ranges in ascending order; ranges of the same rank are neither overlapping nor adjacent. Empty if the member is not on the ring.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="ring"/> is null.</exception>
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

    /// <summary>Gets how much each member owns. Walks over all ranges of the ring.</summary>
    /// <typeparam name="TMember">The type of the members.</typeparam>
    /// <param name="ring">The ring.</param>
    /// <returns>The shares in the order of <see cref="IRing{TMember}.Members"/>. They add up to 1 unless there are no members.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ring"/> is null.</exception>
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

    /// <summary>Compares a ring with an earlier or a hypothetical ring: what moves, and how much of it moves needlessly.</summary>
    /// <typeparam name="TMember">The type of the members.</typeparam>
    /// <param name="ring">The later ring.</param>
    /// <param name="previous">
    /// The earlier ring; null for none, so that everything is new. Members with the same identity are the same member.
    /// </param>
    /// <param name="replicationFactor">The number of replicas of a key, from 1.</param>
    /// <returns>The difference.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ring"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="replicationFactor"/> is less than 1.</exception>
    public static RingDiff<TMember> DiffFrom<TMember>(
        this IRangedRing<TMember> ring, IRangedRing<TMember>? previous, int replicationFactor = 1)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicationFactor, 1);
        return new RingDiff<TMember>(previous, ring, replicationFactor);
    }

    /// <summary>Gets the range after another one; null after the last.</summary>
    internal static KeyRange? After<TMember>(this IRangedRing<TMember> ring, KeyRange range) =>
        range.Last == ulong.MaxValue ? null : ring.RangeOf(new KeyHash(range.Last + 1));
}

/// <summary>A range of hashes that a member holds.</summary>
/// <param name="Range">The hashes.</param>
/// <param name="Rank">The member's rank among the replicas: 0 is the owner.</param>
public readonly record struct OwnedRange(KeyRange Range, int Rank);

/// <summary>The share of all hashes that a member owns.</summary>
/// <param name="Member">The member.</param>
/// <param name="Share">The share that it owns, from 0 to 1; exact up to rounding.</param>
/// <param name="Ideal">The share that it would own if its weight were followed exactly, from 0 to 1.</param>
/// <typeparam name="TMember">The type of the members.</typeparam>
public readonly record struct MemberShare<TMember>(TMember Member, double Share, double Ideal);
