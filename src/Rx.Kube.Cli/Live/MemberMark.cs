namespace Rx.Kube.Cli.Live;

/// <summary>Describes the last change of a member.</summary>
/// <param name="Kind">The kind of change.</param>
/// <param name="At">The time of the change.</param>
/// <param name="Previous">The endpoints of the member before the change.</param>
internal sealed record MemberMark(ChangeKind Kind, DateTimeOffset At, EquatableArray<TopologyEndpoint> Previous)
{
    /// <summary>Checks whether the change is recent enough to be highlighted.</summary>
    /// <param name="now">The time.</param>
    /// <returns>True if it is recent.</returns>
    public bool IsFresh(DateTimeOffset now) => now - At < TableState.Linger;
}

/// <summary>Specifies the kind of a change.</summary>
internal enum ChangeKind
{
    /// <summary>The member joined.</summary>
    Added,

    /// <summary>The member stayed and changed.</summary>
    Updated,

    /// <summary>The member left.</summary>
    Removed,
}
