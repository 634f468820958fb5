using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>Creates rings of fixed partitions.</summary>
public static class Partitions
{
    /// <summary>The largest number of partitions: 1,048,576.</summary>
    public const int MaxCount = 1 << 20;

    /// <summary>Divides the hashes into equal ranges, the partitions. Another ring places each partition as a whole.</summary>
    /// <typeparam name="TMember">The type of the members.</typeparam>
    /// <param name="ring">The ring that places partitions on members.</param>
    /// <param name="count">
    /// The number of partitions, from 1 to <see cref="MaxCount"/>; it cannot change while there is data. A hundred partitions per member,
    /// for the largest expected number of members, result in a good balance.
    /// </param>
    /// <param name="maxImbalance">
    /// How much more than its share a member may own, from 0 to 1,000, rounded to millionths: with 0.1 it owns at most 1.1 times its share
    /// of the partitions, rounded up. The default is null: no bound. With a bound, a change moves more than necessary: see
    /// <see cref="Partitions{TMember}"/>.
    /// </param>
    /// <returns>The ring.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ring"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="count"/> or <paramref name="maxImbalance"/> is out of range.
    /// </exception>
    public static Partitions<TMember> Create<TMember>(IRing<TMember> ring, int count = 4096, double? maxImbalance = null)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        return new(ring, count, maxImbalance is { } epsilon ? LoadBound.Of(epsilon, least: 0, nameof(maxImbalance)) : null);
    }
}

/// <summary>
/// A ring that divides all hashes into a fixed number of equal ranges, the partitions. Another ring places each partition as a whole, for
/// databases that transfer data by partition. Any ring gets exact ranges in this way, with all methods of <see cref="RangedRing"/>, and a
/// lookup takes one step, whatever the inner ring.
/// </summary>
/// <remarks>
/// <para>The layout is the format <c>Partitions/1</c>, which never changes under this name. With <c>c</c> partitions, partition <c>i</c>
/// begins at the hash ⌈i × 2^64 ÷ c⌉, so that a hash <c>h</c> is in partition ⌊h × c ÷ 2^64⌋. Its replicas are the replicas of the key
/// <c>i</c> on the inner ring, where the key's hash is XXH64 of its 8 bytes, the least significant first.</para>
/// <para>With a bound, partitions are assigned in the order of their numbers, each to the first of its replicas that has room: a member has
/// room if it owns fewer so far than (1 + imbalance) × its share of all weights × <c>c</c>. The other replicas follow in the order of the
/// inner ring, spread over zones as always. This depends only on the members, not on earlier rings. However, a change of members changes
/// the capacity of every member, so that a few partitions move between members that stay. With 4,096 partitions, members of 160 tokens and
/// an imbalance of 0.1, a join or a leave moves 1.1 times the minimum with 10 members, 1.2 times with 30, and 1.3 to 1.8 times with 100.
/// It moves more if the bound is tighter or a member has fewer partitions: up to 4 times for an imbalance of 0.</para>
/// <para>The fingerprint is a chain, as in <see cref="IRing{TMember}.Fingerprint"/>, over <c>Partitions/1</c>, the count, the imbalance in
/// millionths plus 1, or 0 without a bound, and the inner ring's fingerprint.</para>
/// <para>A change costs a lookup on the inner ring for each partition; a ring keeps one member reference per partition. Immutable and
/// thread-safe.</para>
/// </remarks>
/// <typeparam name="TMember">The type of the members.</typeparam>
public sealed class Partitions<TMember> : IRangedRing<TMember>
{
    private readonly LoadBound? _bound;
    private readonly MemberTable<TMember>? _table;
    private readonly TMember[] _owners;

    internal Partitions(IRing<TMember> ring, int count, LoadBound? bound)
    {
        (Ring, _bound, _owners) = (ring, bound, new TMember[count]);
        var parameters = Chain.Of(bound is { } b ? (ulong)b.Millionths + 1 : 0, Chain.Of((ulong)count, Chain.Of("Partitions/1")));
        Fingerprint = Chain.Of(ring.Fingerprint, parameters);
        if (bound is { } limit)
        {
            _table = MemberTable<TMember>.Of(ring.Members, ring.Traits);
            Assign(_table, limit);
        }
        else
        {
            for (var partition = 0; partition < count; partition++)
            {
                ring.TryGetOwner(KeyOf(partition), out _owners[partition]!);
            }
        }
    }

    /// <summary>Gets the number of partitions.</summary>
    public int Count => _owners.Length;

    /// <summary>Gets the ring that places the partitions.</summary>
    public IRing<TMember> Ring { get; }

    /// <inheritdoc/>
    public ImmutableArray<TMember> Members => Ring.Members;

    /// <inheritdoc/>
    public MemberTraits<TMember> Traits => Ring.Traits;

    /// <summary>
    /// Gets the ring's fingerprint; equal fingerprints mean identical placement. It covers the number of partitions, the bound, and the
    /// inner ring's fingerprint. Processes with different fingerprints do not agree.
    /// </summary>
    public ulong Fingerprint { get; }

    /// <summary>Gets the number of a key's partition.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The number, from 0 to <see cref="Count"/> − 1.</returns>
    public int PartitionOf(KeyHash key) => (int)Math.BigMul(key.Value, (ulong)Count, out _);

    /// <summary>Gets the hashes of a partition.</summary>
    /// <param name="partition">The number of the partition, from 0 to <see cref="Count"/> − 1.</param>
    /// <returns>The range.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no partition with this number.</exception>
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

    /// <summary>Gets the range of a key's partition.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The range.</returns>
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

    // The partition after the last one begins at 2^64, which wraps to 0.
    private ulong FirstOf(int partition) => (ulong)((((UInt128)partition << 64) + (uint)Count - 1) / (uint)Count);

    private void Assign(MemberTable<TMember> table, LoadBound bound)
    {
        var (assigned, weights) = (new int[table.Count], table.ByRank.Sum(member => member.Weight));
        for (var partition = 0; partition < Count; partition++)
        {
            var walk = new ReplicaWalk<TMember>(Ring, KeyOf(partition));
            while (walk.MoveNext(out var replica))
            {
                var member = table.Find(Traits.HashKeyOf(replica))!;
                if (bound.HasRoom(assigned[member.Slot], Count, member.Weight, weights))
                {
                    _owners[partition] = replica;
                    assigned[member.Slot]++;
                    break;
                }
            }

            walk.Dispose();
        }
    }
}
