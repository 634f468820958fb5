using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>Makes rings of fixed partitions.</summary>
public static class Partitions
{
    /// <summary>The most partitions.</summary>
    public const int MaxCount = 1 << 20;

    /// <summary>Divides the hashes into equal ranges, each of which another ring places as a whole.</summary>
    /// <param name="ring">Places partitions on members.</param>
    /// <param name="count">
    /// How many partitions there are, from 1 to <see cref="MaxCount"/>; fixed for as long as there are data. A hundred for each member that there will ever be
    /// balance well.
    /// </param>
    /// <param name="maxImbalance">
    /// How much more than its share a member may own, from 0 to 1,000, in millionths: with 0.1 it owns at most 1.1 times its share of the partitions,
    /// rounded up. Null, the default, for no bound. With a bound a change moves more than it must: see <see cref="Partitions{TMember}"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> or <paramref name="maxImbalance"/> is out of range.</exception>
    public static Partitions<TMember> Create<TMember>(IRing<TMember> ring, int count = 4096, double? maxImbalance = null)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        return new(ring, count, maxImbalance is { } epsilon ? LoadBound.Of(epsilon, least: 0, nameof(maxImbalance)) : null);
    }
}

/// <summary>
/// All hashes in a fixed number of equal ranges, the partitions, each of which is placed as a whole by another ring: as databases do that hand over data by
/// partition. So any ring has exact ranges, with all that <see cref="RangedRing"/> says of them, and a lookup is one step, whatever the ring.
/// </summary>
/// <remarks>
/// <para>The layout is a format, <c>Partitions/1</c>, which does not change under this name. Of <c>c</c> partitions, number <c>i</c> begins at the hash
/// ⌈i × 2^64 ÷ c⌉, so that a hash <c>h</c> is in number ⌊h × c ÷ 2^64⌋. Its replicas are those that the inner ring has for the key <c>i</c>: for XXH64 of its
/// 8 bytes, the least significant first.</para>
/// <para>With a bound, partitions are given away in the order of their numbers, each to the first of its replicas that has room: that owns fewer so far than
/// (1 + imbalance) × its share of all weights × <c>c</c>. The others follow in the order of the inner ring, over zones as ever. This depends on the members
/// alone, not on what was before; but a change of members changes everyone's room, so that a few partitions move between members that stay. With 4,096
/// partitions and members of 160 tokens, a join or a leave moved 1.1 times as much as it must with 10 members and an imbalance of 0.1, 1.2 times with 30 and
/// 1.3 to 1.8 times with 100; the tighter the bound and the fewer partitions a member has, the more, up to 4 times for an imbalance of 0.</para>
/// <para>The fingerprint is a chain, as in <see cref="IRing{TMember}.Fingerprint"/>, over <c>Partitions/1</c>, the count, the imbalance in millionths
/// plus 1, or 0 without a bound, and the inner ring's fingerprint.</para>
/// <para>A change costs a lookup on the inner ring for each partition, and memory for as many members.</para>
/// </remarks>
/// <typeparam name="TMember">What owns keys.</typeparam>
public sealed class Partitions<TMember> : IRangedRing<TMember>
{
    private readonly LoadBound? _bound;
    private readonly MemberTable<TMember>? _table;
    private readonly TMember[] _owners;

    internal Partitions(IRing<TMember> ring, int count, LoadBound? bound)
    {
        (Ring, _bound, _owners) = (ring, bound, new TMember[count]);
        Fingerprint = Chain.Of(ring.Fingerprint, Chain.Of(bound is { } b ? (ulong)b.Millionths + 1 : 0, Chain.Of((ulong)count, Chain.Of("Partitions/1"))));
        if (bound is { } limit)
        {
            _table = MemberTable<TMember>.Of(ring.Members, ring.Traits);
            GiveAway(_table, limit);
        }
        else
        {
            for (var partition = 0; partition < count; partition++)
            {
                ring.TryGetOwner(KeyOf(partition), out _owners[partition]!);
            }
        }
    }

    /// <summary>How many partitions there are.</summary>
    public int Count => _owners.Length;

    /// <summary>What places the partitions.</summary>
    public IRing<TMember> Ring { get; }

    /// <inheritdoc/>
    public ImmutableArray<TMember> Members => Ring.Members;

    /// <inheritdoc/>
    public MemberTraits<TMember> Traits => Ring.Traits;

    /// <summary>
    /// A number for the number of partitions, the bound, and the inner ring's fingerprint. Processes with the same number place every key alike; with different
    /// numbers they do not agree.
    /// </summary>
    public ulong Fingerprint { get; }

    /// <summary>The number of the key's partition, from 0 to <see cref="Count"/> − 1.</summary>
    public int PartitionOf(KeyHash key) => (int)Math.BigMul(key.Value, (ulong)Count, out _);

    /// <summary>The hashes of a partition.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no partition of that number.</exception>
    public KeyRange PartitionRange(int partition)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(partition, Count);
        return new(FirstOf(partition), FirstOf(partition + 1) - 1);
    }

    /// <inheritdoc/>
    public bool TryGetOwner(KeyHash key, [MaybeNullWhen(false)] out TMember owner)
    {
        owner = _owners[PartitionOf(key)];
        return !Members.IsEmpty;
    }

    /// <inheritdoc/>
    public int GetReplicas(KeyHash key, Span<TMember> replicas)
    {
        var (owner, placed) = (_owners[PartitionOf(key)], KeyOf(PartitionOf(key)));
        if (_table is null || !Ring.TryGetOwner(placed, out var preferred) || Traits.HashKeyOf(preferred) == Traits.HashKeyOf(owner))
        {
            return Ring.GetReplicas(placed, replicas);
        }

        var preference = new OwnerFirst<TMember>(_table, owner, new(Ring, placed));
        var found = ReplicaChoice.Choose(_table, ref preference, replicas);
        preference.Dispose();
        return found;
    }

    /// <summary>The key's partition.</summary>
    public KeyRange RangeOf(KeyHash key) => PartitionRange(PartitionOf(key));

    /// <inheritdoc cref="IRing{TMember}.With"/>
    public Partitions<TMember> With(TMember member) => new(Ring.With(member), Count, _bound);

    /// <inheritdoc cref="IRing{TMember}.Without"/>
    public Partitions<TMember> Without(TMember member)
    {
        var ring = Ring.Without(member);
        return ReferenceEquals(ring, Ring) ? this : new(ring, Count, _bound);
    }

    /// <inheritdoc cref="IRing{TMember}.Only"/>
    public Partitions<TMember> Only(Func<TMember, bool> isMember) => new(Ring.Only(isMember), Count, _bound);

    IRing<TMember> IRing<TMember>.With(TMember member) => With(member);

    IRing<TMember> IRing<TMember>.Without(TMember member) => Without(member);

    IRing<TMember> IRing<TMember>.Only(Func<TMember, bool> isMember) => Only(isMember);

    private static KeyHash KeyOf(int partition) => KeyHash.Of((long)partition);

    // The first of the partition after the last is 2^64, which is 0.
    private ulong FirstOf(int partition) => (ulong)((((UInt128)partition << 64) + (uint)Count - 1) / (uint)Count);

    private void GiveAway(MemberTable<TMember> table, LoadBound bound)
    {
        var (given, weights) = (new int[table.Count], table.ByRank.Sum(member => member.Weight));
        for (var partition = 0; partition < Count; partition++)
        {
            var walk = new ReplicaWalk<TMember>(Ring, KeyOf(partition));
            while (walk.MoveNext(out var replica))
            {
                var member = table.Find(Traits.HashKeyOf(replica))!;
                if (bound.HasRoom(given[member.Slot], Count, member.Weight, weights))
                {
                    _owners[partition] = replica;
                    given[member.Slot]++;
                    break;
                }
            }

            walk.Dispose();
        }
    }
}
