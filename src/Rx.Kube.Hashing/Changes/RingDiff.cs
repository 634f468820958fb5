using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>The difference between two rings. Immutable and thread-safe.</summary>
/// <typeparam name="TMember">The type of the members.</typeparam>
public sealed class RingDiff<TMember>
{
    private readonly IRangedRing<TMember>? _from;
    private readonly IRangedRing<TMember> _to;

    internal RingDiff(IRangedRing<TMember>? from, IRangedRing<TMember> to, int replicationFactor)
    {
        (_from, _to, ReplicationFactor) = (from, to, replicationFactor);
        Changes = Compare();
    }

    /// <summary>Gets the number of replicas of a key.</summary>
    public int ReplicationFactor { get; }

    /// <summary>
    /// Gets all ranges whose replicas or their order changed, in ascending order. Adjacent ranges differ in their replicas before or after.
    /// </summary>
    public ImmutableArray<ReplicaChange<TMember>> Changes { get; }

    /// <summary>
    /// Gets the changes of each rank separately: for every rank, the ranges whose replica of that rank moves to another member, with the
    /// previous and the current member. In ascending order; within a range, the owner first. Ranges of the same rank do not overlap, and
    /// adjacent ones differ in their members. All other hashes stay where they are.
    /// </summary>
    public ImmutableArray<RangeMove<TMember>> Moves => field.IsDefault ? field = MovesOf() : field;

    /// <summary>
    /// Gets how much must be copied: the share, from 0 to 1, of all replicas of all hashes that are now on a member that had no replica of
    /// the hash before. With one replica, this is the share of hashes that move to another member.
    /// </summary>
    public double MovedFraction => FractionOf((change, name) => true);

    /// <summary>
    /// Gets the minimum that would have to be copied if both rings followed their weights exactly and no member held a hash twice: a share
    /// from 0 to 1. Zones are ignored.
    /// </summary>
    public double IdealFraction => _to.IdealMovedFraction(_from, ReplicationFactor);

    /// <summary>
    /// Gets the part of <see cref="MovedFraction"/> that moved needlessly, as a share from 0 to 1. A move is needless if the receiving
    /// member was on the previous ring with at least its current weight, every member that gave up the range is still on the ring with
    /// at least its previous weight, and no member that holds or held the range changed its zone.
    /// Zero for a <see cref="HashRing{TMember}"/> with the native layout.
    /// </summary>
    public double NeedlessFraction
    {
        get
        {
            var (before, after) = (TraitsIn(_from), TraitsIn(_to));
            bool Grew(string name) => after.GetValueOrDefault(name).Weight > before.GetValueOrDefault(name).Weight;
            bool Shrank(string name) => after.GetValueOrDefault(name).Weight < before.GetValueOrDefault(name).Weight;
            bool HasMoved(string name) =>
                before.TryGetValue(name, out var was) && after.TryGetValue(name, out var now) && was.Zone != now.Zone;
            return FractionOf((change, name) => !Grew(name) && !Names(change.Before).Except(Names(change.After)).Any(Shrank)
                && !Names(change.Before).Concat(Names(change.After)).Any(HasMoved));
        }
    }

    /// <summary>Gets the changes for one member: the ranges that it must fetch, hand over, or serve at another rank.</summary>
    /// <param name="self">The member; only its identity is used. It need not be on a ring.</param>
    /// <returns>The changes for the member.</returns>
    public OwnershipChange<TMember> OwnershipOf(TMember self)
    {
        var name = _to.Traits.HashKeyOf(self);
        var changes = ImmutableArray.CreateBuilder<RangeChange<TMember>>();
        foreach (var change in Changes)
        {
            var (before, after) = (RankIn(change.Before.AsSpan(), name), RankIn(change.After.AsSpan(), name));
            if (before != after)
            {
                changes.Add(new(change.Range, before, after, change.Before, change.After));
            }
        }

        return new OwnershipChange<TMember>(self, new(_to, ReplicationFactor), changes.DrainToImmutable());
    }

    // The number of replicas of a hash. At least 1, because it is a divisor.
    private int Copies => Math.Max(1, ReplicasOn(_to));

    private static Dictionary<string, (int Weight, string Zone)> TraitsIn(IRangedRing<TMember>? ring) => ring is null
        ? []
        : ring.Members.ToDictionary(
            ring.Traits.HashKeyOf, member => (ring.Traits.WeightOf(member), ring.Traits.ZoneOf(member)), StringComparer.Ordinal);

    private int ReplicasOn(IRangedRing<TMember>? ring) => Math.Min(ReplicationFactor, ring?.Members.Length ?? 0);

    private IEnumerable<string> Names(EquatableArray<TMember> members) => members.Select(_to.Traits.HashKeyOf);

    private int? RankIn(ReadOnlySpan<TMember> replicas, string name)
    {
        for (var rank = 0; rank < replicas.Length; rank++)
        {
            if (_to.Traits.HashKeyOf(replicas[rank]) == name)
            {
                return rank;
            }
        }

        return null;
    }

    private double FractionOf(Func<ReplicaChange<TMember>, string, bool> counts)
    {
        var moved = UInt128.Zero;
        foreach (var change in Changes)
        {
            moved += change.Range.Length * (uint)Names(change.After).Except(Names(change.Before)).Count(name => counts(change, name));
        }

        return KeyRange.Fraction(moved) / Copies;
    }

    private ImmutableArray<ReplicaChange<TMember>> Compare()
    {
        var changes = ImmutableArray.CreateBuilder<ReplicaChange<TMember>>();
        var (before, after) = (new TMember[ReplicasOn(_from)], new TMember[ReplicasOn(_to)]);
        var shared = _from is HashRing<TMember> was && _to is HashRing<TMember> now ? now.SharedWith(was, ReplicationFactor) : null;
        var first = 0UL;
        while (true)
        {
            if (shared?.Until(first) is { } same)
            {
                if (same == ulong.MaxValue)
                {
                    return changes.ToImmutable();
                }

                first = same + 1;
            }

            var key = new KeyHash(first);
            var last = Math.Min(_to.RangeOf(key).Last, _from?.RangeOf(key).Last ?? ulong.MaxValue);
            ReadOnlySpan<TMember> were = before.AsSpan(0, _from is null ? 0 : Ask(_from, key, before));
            ReadOnlySpan<TMember> are = after.AsSpan(0, Ask(_to, key, after));
            if (!AreSame(were, are))
            {
                if (changes.Count > 0 && changes[^1].Range.Last + 1 == first
                    && AreSame(changes[^1].Before.AsSpan(), were) && AreSame(changes[^1].After.AsSpan(), are))
                {
                    changes[^1] = changes[^1] with { Range = new KeyRange(changes[^1].Range.First, last) };
                }
                else
                {
                    changes.Add(new(new KeyRange(first, last), [.. were], [.. are]));
                }
            }

            if (last == ulong.MaxValue)
            {
                return changes.ToImmutable();
            }

            first = last + 1;
        }
    }

    // The owner alone is the fastest lookup.
    private static int Ask(IRangedRing<TMember> ring, KeyHash key, TMember[] replicas) =>
        replicas.Length != 1 ? ring.GetReplicas(key, replicas) : ring.TryGetOwner(key, out replicas[0]!) ? 1 : 0;

    private bool AreSame(ReadOnlySpan<TMember> left, ReadOnlySpan<TMember> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var rank = 0; rank < left.Length; rank++)
        {
            if ((typeof(TMember).IsValueType || !ReferenceEquals(left[rank], right[rank]))
                && _to.Traits.HashKeyOf(left[rank]) != _to.Traits.HashKeyOf(right[rank]))
            {
                return false;
            }
        }

        return true;
    }

    private ImmutableArray<RangeMove<TMember>> MovesOf()
    {
        var moves = new List<RangeMove<TMember>>();
        for (var rank = 0; rank < Math.Max(ReplicasOn(_from), ReplicasOn(_to)); rank++)
        {
            ReplicaChange<TMember>? open = null;
            foreach (var change in Changes)
            {
                var from = At(change.Before, rank);
                var to = At(change.After, rank);
                if (open is { } last && last.Range.Last + 1 == change.Range.First
                    && AreSame(At(last.Before, rank), from) && AreSame(At(last.After, rank), to))
                {
                    open = change;
                    moves[^1] = moves[^1] with { Range = new KeyRange(moves[^1].Range.First, change.Range.Last) };
                }
                else if (!AreSame(from, to))
                {
                    open = change;
                    moves.Add(new(change.Range, rank, from.IsEmpty ? default : from[0], to.IsEmpty ? default : to[0]));
                }
                else
                {
                    open = null;
                }
            }
        }

        return Math.Max(ReplicasOn(_from), ReplicasOn(_to)) == 1
            ? [.. moves]
            : [.. moves.OrderBy(move => move.Range.First).ThenBy(move => move.Rank)];
    }

    // One member, or none.
    private static ReadOnlySpan<TMember> At(EquatableArray<TMember> replicas, int rank) =>
        rank < replicas.Length ? replicas.AsSpan().Slice(rank, 1) : [];
}
