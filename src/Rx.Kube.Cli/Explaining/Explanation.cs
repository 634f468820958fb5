using System.Collections.Immutable;

namespace Rx.Kube.Cli.Explaining;

/// <summary>Describes the placement of a key and its reason.</summary>
/// <param name="Topology">The snapshot.</param>
/// <param name="Ring">The ring of the snapshot.</param>
/// <param name="Key">The key.</param>
/// <param name="Range">The range of hashes between two tokens that contains the key.</param>
/// <param name="Token">
/// The token that owns the range: the end of the range or, after the last token, the first token. Null without members.
/// </param>
/// <param name="Asked">The requested number of replicas.</param>
/// <param name="Replicas">The replicas, the owner first.</param>
/// <param name="Next">The owner of the key if the present owner leaves; null if there is none.</param>
internal sealed record Explanation(
    ServiceTopology Topology, HashRing<RingMember> Ring, string Key, KeyRange Range, ulong? Token, int Asked,
    ImmutableArray<ExplainedReplica> Replicas, RingMember? Next)
{
    /// <summary>Gets how long a member that left keeps its keys; zero for not at all.</summary>
    public TimeSpan Hold { get; private init; }

    /// <summary>Gets the hash of the key.</summary>
    public KeyHash Hash => KeyHash.Of(Key);

    /// <summary>Explains the placement of a key.</summary>
    /// <param name="topology">The snapshot.</param>
    /// <param name="ring">The ring of the snapshot.</param>
    /// <param name="settings">The key and the number of replicas.</param>
    /// <returns>The explanation.</returns>
    public static Explanation Of(ServiceTopology topology, HashRing<RingMember> ring, ExplainSettings settings)
    {
        var key = KeyHash.Of(settings.Key);
        var range = ring.RangeOf(key);
        var chosen = ring.ReplicasOf(key, settings.Replicas);

        // A ring without zones gives the plain order of the members on the ring.
        var order = HashRing.Create(ring.Members, m => m.Name, layout: ring.Layout).ReplicasOf(key, ring.Members.Length);
        var owner = chosen.FirstOrDefault();
        return new(
            topology, ring, settings.Key, range, owner is null ? null : TokenOf(ring, range), settings.Replicas,
            [.. chosen.Select((replica, rank) => new ExplainedReplica(
                replica, topology.Endpoints.Of(replica.Name), [.. order.TakeWhile(m => m != replica).Except(chosen.Take(rank))]))],
            owner is not null && ring.Without(owner).TryGetOwner(key, out var next) ? next : null)
        {
            Hold = settings.Hold,
        };
    }

    // The range after the last token belongs to the first token, unless a token is at the maximum hash.
    private static ulong TokenOf(HashRing<RingMember> ring, KeyRange range) =>
        range.Last == ulong.MaxValue && Owner(ring, range) == Owner(ring, ring.RangeOf(default)) ? ring.RangeOf(default).Last : range.Last;

    private static RingMember? Owner(HashRing<RingMember> ring, KeyRange range) =>
        ring.TryGetOwner(new KeyHash(range.First), out var owner) ? owner : null;
}

/// <summary>Describes a replica and the reason for its choice.</summary>
/// <param name="Member">The member.</param>
/// <param name="Endpoints">The endpoints of the member.</param>
/// <param name="PassedOver">
/// The members that come earlier on the ring and were skipped because their zones already have more replicas.
/// </param>
internal sealed record ExplainedReplica(
    RingMember Member, EquatableArray<TopologyEndpoint> Endpoints, ImmutableArray<RingMember> PassedOver);

/// <summary>Gets replicas as an array.</summary>
internal static class ReplicasExtensions
{
    /// <summary>Gets the replicas of a key.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="key">The key.</param>
    /// <param name="count">The requested number of replicas.</param>
    /// <returns>The replicas, the owner first; fewer when there are fewer members.</returns>
    public static RingMember[] ReplicasOf(this HashRing<RingMember> ring, KeyHash key, int count)
    {
        var replicas = new RingMember[Math.Min(count, ring.Members.Length)];
        ring.GetReplicas(key, replicas);
        return replicas;
    }
}
