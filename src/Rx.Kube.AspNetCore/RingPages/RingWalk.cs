namespace Rx.Kube;

/// <summary>The roles of a token on the walk from a key's hash over the ring.</summary>
internal enum RingWalkRole
{
    /// <summary>Its member is a replica of the key.</summary>
    Replica,

    /// <summary>Its member has been met before.</summary>
    Again,

    /// <summary>Its member would be the next replica in the order of the ring, but other zones come first.</summary>
    PassedOver,

    /// <summary>Its member is the next one after the replicas.</summary>
    Next,
}

/// <summary>A token on the walk.</summary>
/// <param name="Token">The token.</param>
/// <param name="Member">Its member.</param>
/// <param name="Role">What the walk makes of it.</param>
/// <param name="Rank">The rank of the replica: 0 is the owner; -1 for another role.</param>
internal readonly record struct RingWalkStep(ulong Token, RingMember Member, RingWalkRole Role, int Rank);

/// <summary>How a key finds its replicas: the walk over the tokens, from the first one at or after the key's hash.</summary>
/// <param name="Hash">The hash of the key.</param>
/// <param name="Range">The range between two tokens in which the hash is.</param>
/// <param name="Replicas">The replicas, the owner first.</param>
/// <param name="Steps">The tokens that the walk meets: at most <see cref="MaxSteps"/>.</param>
/// <param name="IsCut">Whether the walk is longer than that.</param>
internal sealed record RingWalk(
    KeyHash Hash, KeyRange Range, ReplicationSet<RingMember> Replicas, IReadOnlyList<RingWalkStep> Steps, bool IsCut)
{
    /// <summary>The limit of shown steps.</summary>
    public const int MaxSteps = 40;

    /// <summary>Walks from a key's hash until all replicas are met, and one more member: the owner-to-be if a replica leaves.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="replicationFactor">The number of replicas.</param>
    /// <param name="key">The key.</param>
    public static RingWalk Of(HashRing<RingMember> ring, int replicationFactor, string key)
    {
        var hash = ring.Layout.HashOf(key);
        var (first, replicas) = (ring.RangeOf(hash), new ReplicatedRing<RingMember>(ring, replicationFactor).ReplicasOf(hash));
        var ranks = replicas.Members.Index().ToDictionary(pair => pair.Item.Name, pair => pair.Index, StringComparer.Ordinal);
        var (steps, met, missing) = (new List<RingWalkStep>(), new HashSet<string>(StringComparer.Ordinal), ranks.Count);
        if (ring.TokenCount == 0)
        {
            return new(hash, first, replicas, steps, false);
        }

        var range = first;
        for (var walked = 0; walked <= ring.TokenCount; walked++, range = After(ring, range))
        {
            ring.TryGetOwner(new KeyHash(range.First), out var member);
            if (TokenOf(ring, range) is not { } token)
            {
                continue; // The range after the last token: the first token of the ring follows, and owns it too.
            }

            if (steps.Count == MaxSteps)
            {
                return new(hash, first, replicas, steps, true);
            }

            var isNew = met.Add(member!.Name);
            var rank = ranks.GetValueOrDefault(member.Name, -1);
            missing -= isNew && rank >= 0 ? 1 : 0;
            var role = !isNew ? RingWalkRole.Again
                : rank >= 0 ? RingWalkRole.Replica
                : missing > 0 ? RingWalkRole.PassedOver
                : RingWalkRole.Next;
            steps.Add(new(token, member, role, isNew ? rank : -1));
            if (role == RingWalkRole.Next || (missing == 0 && met.Count == ring.Members.Length))
            {
                break;
            }
        }

        return new(hash, first, replicas, steps, false);
    }

    private static KeyRange After(HashRing<RingMember> ring, KeyRange range) => ring.RangeOf(new KeyHash(unchecked(range.Last + 1)));

    // A token ends its range, except that the hashes after the last token belong to the first one.
    private static ulong? TokenOf(HashRing<RingMember> ring, KeyRange range) =>
        range.Last < ulong.MaxValue ? range.Last : ring.EndsWithToken() ? range.Last : null;
}

/// <summary>Asks a ring for its last token.</summary>
file static class LastToken
{
    /// <summary>
    /// Gets whether a token is at the largest hash. Then the first token owns nothing after it; it cannot be told from the ranges alone
    /// when both belong to one member, and then it does not matter either.
    /// </summary>
    public static bool EndsWithToken(this HashRing<RingMember> ring) =>
        ring.TryGetOwner(new KeyHash(ulong.MaxValue), out var last) && ring.TryGetOwner(default, out var first) && last.Name != first.Name;
}
