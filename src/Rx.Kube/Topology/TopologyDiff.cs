using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>What changed between two snapshots, by member. Each list is ordered by member.</summary>
/// <param name="Added">Members that are new.</param>
/// <param name="Removed">Members that are gone.</param>
/// <param name="Updated">Members that stayed and whose endpoints changed.</param>
public sealed record TopologyDiff(
    ImmutableArray<MemberChange> Added, ImmutableArray<MemberChange> Removed, ImmutableArray<MemberChange> Updated)
{
    /// <summary>Nothing changed.</summary>
    public static TopologyDiff Empty { get; } = new([], [], []);

    /// <summary>Whether nothing changed.</summary>
    public bool IsEmpty => Added.IsEmpty && Removed.IsEmpty && Updated.IsEmpty;
}

/// <summary>What changed of one member.</summary>
/// <param name="Member">The member.</param>
/// <param name="Previous">Its endpoints before; empty when it was added.</param>
/// <param name="Current">Its endpoints now; empty when it was removed.</param>
/// <param name="Inferred">
/// Whether the change was found by comparing lists after a gap, and not seen as an event: it happened some time in between.
/// </param>
public sealed record MemberChange(
    string Member, ImmutableArray<TopologyEndpoint> Previous, ImmutableArray<TopologyEndpoint> Current, bool Inferred = false);
