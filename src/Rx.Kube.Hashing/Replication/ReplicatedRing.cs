using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>A ring on which each key has several replicas. Immutable and thread-safe.</summary>
/// <typeparam name="TMember">The type of the members.</typeparam>
public sealed class ReplicatedRing<TMember>
{
    /// <summary>Adds a replication factor to a ring.</summary>
    /// <param name="ring">The ring that places keys.</param>
    /// <param name="replicationFactor">The number of replicas of a key, from 1. With fewer members, each member has every key.</param>
    /// <exception cref="ArgumentNullException"><paramref name="ring"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="replicationFactor"/> is less than 1.</exception>
    public ReplicatedRing(IRangedRing<TMember> ring, int replicationFactor)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicationFactor, 1);
        (Ring, ReplicationFactor) = (ring, replicationFactor);
        Fingerprint = replicationFactor == 1 ? ring.Fingerprint : Chain.Of((ulong)replicationFactor, ring.Fingerprint);
    }

    /// <summary>Gets the ring that places keys.</summary>
    public IRangedRing<TMember> Ring { get; }

    /// <summary>Gets the members of <see cref="Ring"/>.</summary>
    public ImmutableArray<TMember> Members => Ring.Members;

    /// <summary>Gets the number of replicas of a key, from 1.</summary>
    public int ReplicationFactor { get; }

    /// <summary>
    /// Gets the fingerprint of the ring and the replication factor; equal fingerprints mean identical placement of all replicas. With a
    /// replication factor of 1, it is the ring's fingerprint.
    /// </summary>
    public ulong Fingerprint { get; }

    /// <summary>Finds the owner of a key: its first replica. Allocates nothing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="owner">The member that owns the key.</param>
    /// <returns>False if there are no members.</returns>
    public bool TryGetOwner(KeyHash key, [MaybeNullWhen(false)] out TMember owner) => Ring.TryGetOwner(key, out owner);

    /// <summary>Gets the replicas of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The replicas, and how many of them or of their zones are missing.</returns>
    public ReplicationSet<TMember> ReplicasOf(KeyHash key)
    {
        var replicas = new TMember[Math.Min(ReplicationFactor, Ring.Members.Length)];
        Ring.GetReplicas(key, replicas);
        var zones = Ring.Traits.HasZones ? replicas.Select(Ring.Traits.ZoneOf).Distinct(StringComparer.Ordinal).Count() : 0;
        return new([.. replicas], ReplicationFactor, zones);
    }

    /// <summary>
    /// Finds the first usable replica of a key. Health is not part of the layout, so an unhealthy member keeps its keys.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="isUsable">Whether a member can be used; called once for each replica up to the first usable one.</param>
    /// <param name="reader">The first usable replica.</param>
    /// <returns>False if none of the key's replicas is usable, or if there are no members.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="isUsable"/> is null.</exception>
    public bool TryGetReader(KeyHash key, Func<TMember, bool> isUsable, [MaybeNullWhen(false)] out TMember reader)
    {
        ArgumentNullException.ThrowIfNull(isUsable);
        foreach (var replica in ReplicasOf(key).Members)
        {
            if (isUsable(replica))
            {
                reader = replica;
                return true;
            }
        }

        reader = default;
        return false;
    }

    /// <summary>Lists what a member holds, and at which rank. Walks over all ranges of the ring.</summary>
    /// <param name="member">The member; only its identity is used.</param>
    /// <returns>The ranges in ascending order; none if the member is not on the ring.</returns>
    public ImmutableArray<OwnedRange> OwnedBy(TMember member) => Ring.OwnedBy(member, ReplicationFactor);

    /// <summary>Compares this ring with an earlier one.</summary>
    /// <param name="previous">The earlier ring; null for none, so that everything is new.</param>
    /// <returns>The difference.</returns>
    /// <exception cref="ArgumentException"><paramref name="previous"/> has another replication factor.</exception>
    public RingDiff<TMember> DiffFrom(ReplicatedRing<TMember>? previous) =>
        previous is { } before && before.ReplicationFactor != ReplicationFactor
            ? throw new ArgumentException(
                $"The replication factors differ: {before.ReplicationFactor} before, {ReplicationFactor} now. "
                + "To fix: compare rings of one replication factor.",
                nameof(previous))
            : Ring.DiffFrom(previous?.Ring, ReplicationFactor);

    /// <summary>
    /// Gets what a member gains by joining: the change from the ring without the member to this ring. So each range that it gains names the
    /// members that would hold the range if it were not there.
    /// </summary>
    /// <param name="self">The member; only its identity is used.</param>
    /// <param name="kept">
    /// The ranges whose data the member already has, for example on disk from before a restart, in any order; they may overlap.
    /// <see cref="KeyRange.All"/> means that whatever it should have, it has. The default is null: none.
    /// </param>
    /// <returns>
    /// The change; empty if the member is not on the ring and has kept nothing. What the member holds and has not kept is gained. What it
    /// has kept and does not hold is lost, with 0 as <see cref="RangeChange{TMember}.RankBefore"/> and the member alone as
    /// <see cref="RangeChange{TMember}.Before"/>. What it holds and has kept is no change. If the ring cannot be without the member,
    /// as partitions over a <see cref="Jump{TMember}"/> cannot be without any but the last one, no member held the ranges before.
    /// </returns>
    public OwnershipChange<TMember> JoinOf(TMember self, IEnumerable<KeyRange>? kept = null)
    {
        var join = Ring.DiffFrom(Without(self), ReplicationFactor).OwnershipOf(self);
        return kept is null ? join : join.Keeping(kept);
    }

    private IRangedRing<TMember>? Without(TMember self)
    {
        try
        {
            return Ring.Without(self) as IRangedRing<TMember>;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>The replicas of a key, and how many are missing. Equal by content.</summary>
/// <param name="Members">The distinct replicas, the owner first.</param>
/// <param name="ReplicationFactor">The requested number of replicas, from 1.</param>
/// <param name="ZoneCount">The number of distinct zones of the replicas; 0 if members have no zones.</param>
/// <typeparam name="TMember">The type of the members.</typeparam>
public readonly record struct ReplicationSet<TMember>(EquatableArray<TMember> Members, int ReplicationFactor, int ZoneCount)
{
    /// <summary>Gets the number of replicas that are missing because there are too few members.</summary>
    public int Shortfall => ReplicationFactor - Members.Length;

    /// <summary>
    /// Gets how many zones are missing for each requested replica to have its own: the replication factor minus <see cref="ZoneCount"/>;
    /// 0 if members have no zones.
    /// </summary>
    public int ZoneShortfall => ZoneCount == 0 ? 0 : ReplicationFactor - ZoneCount;
}
