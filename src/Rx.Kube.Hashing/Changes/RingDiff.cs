using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>What is different between two rings. Immutable.</summary>
/// <typeparam name="TMember">What owns keys.</typeparam>
public sealed class RingDiff<TMember>
{
    private readonly IRangedRing<TMember>? _from;
    private readonly IRangedRing<TMember> _to;

    internal RingDiff(IRangedRing<TMember>? from, IRangedRing<TMember> to, int replicationFactor)
    {
        (_from, _to, ReplicationFactor) = (from, to, replicationFactor);
        Changes = Compare();
    }

    /// <summary>How many replicas a key has.</summary>
    public int ReplicationFactor { get; }

    /// <summary>All ranges with other replicas than before, in ascending order; where they touch they differ in before or after.</summary>
    public ImmutableArray<ReplicaChange<TMember>> Changes { get; }

    /// <summary>The same for every rank by itself: who had it, and who has it now; in ascending order, and of one range the owner first.</summary>
    public ImmutableArray<RangeMove<TMember>> Moves => field.IsDefault ? field = MovesOf() : field;

    /// <summary>
    /// How much has to be copied: the share, from 0 to 1, of all replicas that there are of all hashes, that are with a member now which had none of them.
    /// With one replica: the share of the hashes that have moved to another member.
    /// </summary>
    public double MovedFraction => FractionOf((change, name) => true);

    /// <summary>The least that would have to be copied if both rings followed their weights exactly, as far as nobody holds a hash twice; zones left aside.</summary>
    public double IdealFraction => _to.IdealMovedFraction(_from, ReplicationFactor);

    /// <summary>
    /// How much of <see cref="MovedFraction"/> need not have moved: it went to a member that was there before with no less weight, from none that
    /// has left or lost weight, and nobody who has or had it has another zone now. Zero for a <see cref="HashRing{TMember}"/> of our own layout.
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

    /// <summary>What the difference means for one member: what it has to fetch, to hand over, or to serve in another rank.</summary>
    public OwnershipChange<TMember> OwnershipOf(TMember self)
    {
        var name = _to.Traits.HashKeyOf(self);
        int? RankIn(EquatableArray<TMember> replicas) => Names(replicas).ToList().IndexOf(name) is >= 0 and var rank ? rank : null;
        return new OwnershipChange<TMember>(self, [.. Changes
            .Select(change => new RangeChange<TMember>(change.Range, RankIn(change.Before), RankIn(change.After), change.Before, change.After))
            .Where(change => change.RankBefore != change.RankAfter)]);
    }

    // How many replicas there are of a hash; with nobody on the ring nothing is divided by it.
    private int Copies => Math.Max(1, ReplicasOn(_to));

    private static Dictionary<string, (int Weight, string Zone)> TraitsIn(IRangedRing<TMember>? ring) => ring is null ? [] : ring.Members.ToDictionary(
        ring.Traits.HashKeyOf, member => (ring.Traits.WeightOf(member), ring.Traits.ZoneOf(member)), StringComparer.Ordinal);

    private int ReplicasOn(IRangedRing<TMember>? ring) => Math.Min(ReplicationFactor, ring?.Members.Length ?? 0);

    private IEnumerable<string> Names(EquatableArray<TMember> members) => members.Select(_to.Traits.HashKeyOf);

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
                if (changes.Count > 0 && changes[^1].Range.Last + 1 == first && AreSame(changes[^1].Before.AsSpan(), were) && AreSame(changes[^1].After.AsSpan(), are))
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

    // The owner alone is the quickest thing to ask for.
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
            if ((typeof(TMember).IsValueType || !ReferenceEquals(left[rank], right[rank])) && _to.Traits.HashKeyOf(left[rank]) != _to.Traits.HashKeyOf(right[rank]))
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
                if (open is { } last && last.Range.Last + 1 == change.Range.First && AreSame(At(last.Before, rank), from) && AreSame(At(last.After, rank), to))
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

        return [.. moves.OrderBy(move => move.Range.First).ThenBy(move => move.Rank)];
    }

    // One member, or nobody.
    private static ReadOnlySpan<TMember> At(EquatableArray<TMember> replicas, int rank) =>
        rank < replicas.Length ? replicas.AsSpan().Slice(rank, 1) : [];
}
