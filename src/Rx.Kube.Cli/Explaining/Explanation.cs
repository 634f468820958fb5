using System.Collections.Immutable;

namespace Rx.Kube.Cli.Explaining;

/// <summary>Where a key is, and why.</summary>
/// <param name="Topology">The snapshot.</param>
/// <param name="Ring">Its ring.</param>
/// <param name="Key">The key.</param>
/// <param name="Range">The range of hashes around it that no token divides.</param>
/// <param name="Token">The token that owns the range: its end, or, beyond the last token, the first one. Null when nobody is there.</param>
/// <param name="Asked">How many replicas were asked for.</param>
/// <param name="Replicas">The replicas, the owner first.</param>
/// <param name="Next">Who would own the key if its owner left; null when nobody would.</param>
internal sealed record Explanation(
    ServiceTopology Topology, HashRing<RingMember> Ring, string Key, KeyRange Range, ulong? Token, int Asked,
    ImmutableArray<ExplainedReplica> Replicas, RingMember? Next)
{
    /// <summary>The key's hash.</summary>
    public KeyHash Hash => KeyHash.Of(Key);

    /// <summary>Explains a key.</summary>
    /// <param name="topology">The snapshot.</param>
    /// <param name="ring">Its ring.</param>
    /// <param name="settings">The key, and how many replicas it has.</param>
    /// <returns>The explanation.</returns>
    public static Explanation Of(ServiceTopology topology, HashRing<RingMember> ring, ExplainSettings settings)
    {
        var key = KeyHash.Of(settings.Key);
        var range = ring.RangeOf(key);
        var chosen = ring.ReplicasOf(key, settings.Replicas);

        // The order on the ring is what a ring without zones would give.
        var order = HashRing.Create(ring.Members, m => m.Name, layout: ring.Layout).ReplicasOf(key, ring.Members.Length);
        var owner = chosen.FirstOrDefault();
        return new(
            topology, ring, settings.Key, range, owner is null ? null : TokenOf(ring, range), settings.Replicas,
            [.. chosen.Select((replica, rank) => new ExplainedReplica(
                replica, topology.Endpoints.Of(replica.Name), [.. order.TakeWhile(m => m != replica).Except(chosen.Take(rank))]))],
            owner is not null && ring.Without(owner).TryGetOwner(key, out var next) ? next : null);
    }

    // The range beyond the last token is the first token's, unless a token stands on the very last hash.
    private static ulong TokenOf(HashRing<RingMember> ring, KeyRange range) =>
        range.Last == ulong.MaxValue && Owner(ring, range) == Owner(ring, ring.RangeOf(default)) ? ring.RangeOf(default).Last : range.Last;

    private static RingMember? Owner(HashRing<RingMember> ring, KeyRange range) =>
        ring.TryGetOwner(new KeyHash(range.First), out var owner) ? owner : null;
}

/// <summary>A replica, and why it is one.</summary>
/// <param name="Member">The member.</param>
/// <param name="Endpoints">Its endpoints.</param>
/// <param name="PassedOver">Who comes earlier on the ring and had to wait, because their zones had more replicas already.</param>
internal sealed record ExplainedReplica(RingMember Member, EquatableArray<TopologyEndpoint> Endpoints, ImmutableArray<RingMember> PassedOver);

/// <summary>Replicas as an array.</summary>
internal static class ReplicasExtensions
{
    /// <summary>The replicas of a key.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="key">The key.</param>
    /// <param name="count">How many are wanted.</param>
    /// <returns>The replicas, the owner first; fewer when there are fewer members.</returns>
    public static RingMember[] ReplicasOf(this HashRing<RingMember> ring, KeyHash key, int count)
    {
        var replicas = new RingMember[Math.Min(count, ring.Members.Length)];
        ring.GetReplicas(key, replicas);
        return replicas;
    }
}
