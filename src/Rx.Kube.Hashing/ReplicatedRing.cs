using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>A ring on which each key has several replicas. Immutable.</summary>
/// <typeparam name="TMember">What owns keys.</typeparam>
public sealed class ReplicatedRing<TMember>
{
    /// <summary>The ring with so many replicas.</summary>
    /// <param name="ring">Where keys are.</param>
    /// <param name="replicationFactor">How many replicas a key has, from 1. If there are fewer members, each of them has every key.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="replicationFactor"/> is less than 1.</exception>
    public ReplicatedRing(IRangedRing<TMember> ring, int replicationFactor)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicationFactor, 1);
        (Ring, ReplicationFactor) = (ring, replicationFactor);
        Fingerprint = Chain.Of((ulong)replicationFactor, ring.Fingerprint);
    }

    /// <summary>Where keys are.</summary>
    public IRangedRing<TMember> Ring { get; }

    /// <summary>How many replicas a key has.</summary>
    public int ReplicationFactor { get; }

    /// <summary>That of the ring and of the replication factor: equal in every process that places all replicas alike.</summary>
    public ulong Fingerprint { get; }

    /// <summary>The replicas of the key.</summary>
    public ReplicationSet<TMember> ReplicasOf(KeyHash key)
    {
        var replicas = new TMember[Math.Min(ReplicationFactor, Ring.Members.Length)];
        Ring.GetReplicas(key, replicas);
        return new([.. replicas], ReplicationFactor, Ring.Traits.HasZones ? replicas.Select(Ring.Traits.ZoneOf).Distinct(StringComparer.Ordinal).Count() : 0);
    }

    /// <summary>The first replica of the key that can be used: health is no part of the layout, so a member that is not well keeps its keys.</summary>
    /// <returns>False if none of its replicas can be used, or there are no members.</returns>
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

    /// <summary>What a member holds, and as which replica: ranges in ascending order. None if it is not on the ring.</summary>
    public ImmutableArray<OwnedRange> OwnedBy(TMember member) => Ring.OwnedBy(member, ReplicationFactor);

    /// <summary>What is different from an earlier ring; from none, if it is null.</summary>
    /// <exception cref="ArgumentException"><paramref name="previous"/> has another replication factor.</exception>
    public RingDiff<TMember> DiffFrom(ReplicatedRing<TMember>? previous) =>
        previous is { } before && before.ReplicationFactor != ReplicationFactor
            ? throw new ArgumentException($"One ring has {before.ReplicationFactor} replicas, the other {ReplicationFactor}.", nameof(previous))
            : Ring.DiffFrom(previous?.Ring, ReplicationFactor);
}
