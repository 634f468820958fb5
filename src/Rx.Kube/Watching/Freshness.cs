namespace Rx.Kube;

/// <summary>
/// Describes whether a snapshot is the server's current state. This is a closed hierarchy: the nested types are the only cases.
/// </summary>
public abstract record Freshness
{
    private Freshness()
    {
    }

    /// <summary>
    /// Gets when the server was last heard: a handle whose age grows while the snapshot stays the same. It is no part of the equality.
    /// </summary>
    public WatchEvidence Evidence { get; init; } = WatchEvidence.None;

    /// <summary>
    /// Gets how long ago the server last gave a sign of life, measured now; null if it never has. A quiet watch that is live has a sign of
    /// life about once a minute, while versions move. Shorthand for the age of <see cref="Evidence"/>.
    /// </summary>
    public TimeSpan? Age => Evidence.Age;

    /// <summary>Gets why the snapshot is not live; null while live, and before the first attempt has failed.</summary>
    public WatchInterruption? Cause => this switch
    {
        Stale stale => stale.Interruption,
        Syncing syncing => syncing.Interruption,
        _ => null,
    };

    /// <summary>Gets how many attempts in a row have failed: zero while live, and before the first attempt has failed.</summary>
    public int FailedAttempts => Cause?.FailedAttempts ?? 0;

    /// <summary>No complete list has arrived yet. The state is unknown, which is not the same as empty.</summary>
    /// <param name="Interruption">The failure of the last attempt; null if no attempt has failed.</param>
    public sealed record Syncing(WatchInterruption? Interruption = null) : Freshness;

    /// <summary>The snapshot is complete and the watch is connected.</summary>
    public sealed record Live : Freshness
    {
        /// <summary>Gets an instance without evidence; all instances are equal.</summary>
        public static Live Instance { get; } = new();
    }

    /// <summary>The snapshot is the last good state; the connection is lost.</summary>
    /// <param name="Interruption">When and why the connection was lost, and when the next attempt starts.</param>
    public sealed record Stale(WatchInterruption Interruption) : Freshness;

    /// <summary>
    /// Gets the worse of two, for a snapshot that is made of two others: syncing is worse than stale, and stale is worse than live; of two
    /// that are equally bad, the one whose cause is older.
    /// </summary>
    /// <param name="one">The freshness of one snapshot.</param>
    /// <param name="other">The freshness of the other one.</param>
    /// <returns>One of the two.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Freshness Worst(Freshness one, Freshness other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return (one, other) switch
        {
            (Syncing a, Syncing b) => IsOlder(b.Interruption, a.Interruption) ? b : a,
            (Syncing, _) => one,
            (_, Syncing) => other,
            (Stale a, Stale b) => IsOlder(b.Interruption, a.Interruption) ? b : a,
            (Stale, _) => one,
            _ => other,
        };
    }

    /// <summary>Gets whether the watch is connected and the snapshot complete.</summary>
    public bool IsLive => this is Live;

    /// <summary>Gets whether a complete list has arrived, so that the snapshot is meaningful.</summary>
    public bool IsSynced => this is not Syncing;

    /// <summary>Returns <c>syncing</c>, <c>live</c> or <c>stale</c>.</summary>
    /// <returns>The text.</returns>
    public sealed override string ToString() => this switch
    {
        Live => "live",
        Stale => "stale",
        _ => "syncing",
    };

    private static bool IsOlder(WatchInterruption? interruption, WatchInterruption? than) =>
        interruption is not null && (than is null || interruption.Since < than.Since);
}
