namespace Rx.Kube;

/// <summary>The difference between two snapshots of a Service, by member. Each list is ordered by member. Equality is by content.</summary>
/// <param name="Added">The members that are new.</param>
/// <param name="Removed">The members that are gone.</param>
/// <param name="Updated">The members that remain and whose endpoints changed.</param>
public sealed record TopologyDiff(
    EquatableArray<MemberChange> Added, EquatableArray<MemberChange> Removed, EquatableArray<MemberChange> Updated)
{
    /// <summary>Gets the difference between two snapshots with the same endpoints.</summary>
    public static TopologyDiff Empty { get; } = new([], [], []);

    /// <summary>Gets whether nothing changed.</summary>
    public bool IsEmpty => Added.IsEmpty && Removed.IsEmpty && Updated.IsEmpty;
}

/// <summary>The change of one member between two snapshots. Equality is by content.</summary>
/// <param name="Member">The member.</param>
/// <param name="Previous">Its endpoints before; empty when it was added.</param>
/// <param name="Current">Its endpoints now; empty when it was removed.</param>
/// <param name="Inferred">
/// Whether the change was found by comparing lists after a gap, and was not observed as an event: it happened at an unknown time during the
/// gap.
/// </param>
public sealed record MemberChange(
    string Member, EquatableArray<TopologyEndpoint> Previous, EquatableArray<TopologyEndpoint> Current, bool Inferred = false);
