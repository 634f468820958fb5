using System.Collections.Immutable;

namespace Rx.Kube.Topology;

/// <summary>The members of all snapshots between two joins or leaves: worked out once, by whoever asks first. Safe on any thread.</summary>
internal sealed class MembersOnce
{
    private MemberSet? _members;

    /// <summary>The members of these endpoints.</summary>
    public MemberSet Of(SortedEndpoints endpoints)
    {
        if (Volatile.Read(ref _members) is { } known)
        {
            return known;
        }

        var members = ImmutableArray.CreateBuilder<string>(endpoints.Count);
        foreach (var endpoint in endpoints.All)
        {
            if (members.Count == 0 || members[^1] != endpoint.Member)
            {
                members.Add(endpoint.Member);
            }
        }

        // Two threads may get here together; both must leave with the same object.
        return Interlocked.CompareExchange(ref _members, new MemberSet(members.DrainToImmutable()), null) ?? _members;
    }
}
