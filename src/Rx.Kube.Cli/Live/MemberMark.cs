namespace Rx.Kube.Cli.Live;

/// <summary>How a member changed last.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="At">When it was seen.</param>
/// <param name="Previous">The member's endpoints before.</param>
internal sealed record MemberMark(ChangeKind Kind, DateTimeOffset At, EquatableArray<TopologyEndpoint> Previous)
{
    /// <summary>Whether the change is still to be highlighted.</summary>
    /// <param name="now">The time.</param>
    /// <returns>True if it is.</returns>
    public bool IsFresh(DateTimeOffset now) => now - At < TableState.Linger;
}

/// <summary>The kinds of change.</summary>
internal enum ChangeKind
{
    /// <summary>The member is new.</summary>
    Added,

    /// <summary>The member stayed and changed.</summary>
    Updated,

    /// <summary>The member is gone.</summary>
    Removed,
}
