using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>The kinds of what the page lists as changes.</summary>
internal enum RingPageChangeKind
{
    /// <summary>The first ring.</summary>
    First,

    /// <summary>The ring changed.</summary>
    Ring,

    /// <summary>The connection to the API server was lost.</summary>
    Stale,

    /// <summary>The connection is back.</summary>
    Live,
}

/// <summary>A change that the page lists, and from which an earlier ring is made again.</summary>
/// <param name="Id">The number of the moment at which it became known.</param>
/// <param name="At">When it became known.</param>
/// <param name="Kind">The kind.</param>
internal sealed record RingPageChange(long Id, DateTimeOffset At, RingPageChangeKind Kind)
{
    /// <summary>Gets the members that joined.</summary>
    public ImmutableArray<RingMember> Joined { get; init; } = [];

    /// <summary>Gets the members that left.</summary>
    public ImmutableArray<RingMember> Left { get; init; } = [];

    /// <summary>Gets the members whose zone or weight changed, as they were before and after.</summary>
    public ImmutableArray<(RingMember Before, RingMember After)> Altered { get; init; } = [];

    /// <summary>Gets the share of all replicas of all keys that must be copied.</summary>
    public double Moved { get; init; }

    /// <summary>Gets the least that any algorithm would have to copy.</summary>
    public double Ideal { get; init; }

    /// <summary>Gets what moved between two members that both stayed.</summary>
    public double Needless { get; init; }

    /// <summary>Gets why the connection was lost, or how long it was.</summary>
    public string? Cause { get; init; }

    /// <summary>Gets since when the server was not heard; null if the change is none of the connection.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Gets the version of the ring from this change on; empty without a ring.</summary>
    public string Version { get; init; } = "";

    /// <summary>Gets the number of members from this change on.</summary>
    public int MemberCount { get; init; }

    /// <summary>Gets how many members are kept for this change.</summary>
    public int Size => Joined.Length + Left.Length + Altered.Length;

    /// <summary>Compares two rings.</summary>
    /// <param name="id">The number of the moment.</param>
    /// <param name="at">The time.</param>
    /// <param name="was">The ring before; null for none.</param>
    /// <param name="now">The ring.</param>
    /// <param name="diff">The difference of both.</param>
    public static RingPageChange Of(
        long id, DateTimeOffset at, HashRing<RingMember>? was, RingView now, RingDiff<RingMember>? diff)
    {
        if (was is null || diff is null)
        {
            // The members are not kept: nothing is before them.
            return new(id, at, RingPageChangeKind.First) { Version = now.Version, MemberCount = now.Ring.Members.Length };
        }

        var before = was.Members.ToDictionary(member => member.Name, StringComparer.Ordinal);
        var after = now.Ring.Members.ToDictionary(member => member.Name, StringComparer.Ordinal);
        return new(id, at, RingPageChangeKind.Ring)
        {
            Joined = [.. now.Ring.Members.Where(member => !before.ContainsKey(member.Name))],
            Left = [.. was.Members.Where(member => !after.ContainsKey(member.Name))],
            Altered =
            [
                .. now.Ring.Members
                    .Where(member => before.TryGetValue(member.Name, out var old) && (old.Zone, old.Weight) != (member.Zone, member.Weight))
                    .Select(member => (before[member.Name], member)),
            ],
            Moved = diff.MovedFraction,
            Ideal = diff.IdealFraction,
            Needless = diff.NeedlessFraction,
            Version = now.Version,
            MemberCount = now.Ring.Members.Length,
        };
    }
}
