namespace Rx.Kube;

/// <summary>
/// Describes whether a snapshot is the server's current state. This is a closed hierarchy: the nested types are the only cases.
/// </summary>
public abstract record Freshness
{
    private Freshness()
    {
    }

    /// <summary>No complete list has arrived yet. The state is unknown, which is not the same as empty.</summary>
    /// <param name="Interruption">The failure of the last attempt; null if no attempt has failed.</param>
    public sealed record Syncing(WatchInterruption? Interruption = null) : Freshness;

    /// <summary>The snapshot is complete and the watch is connected.</summary>
    public sealed record Live : Freshness
    {
        /// <summary>Gets the shared instance; all instances are equal.</summary>
        public static Live Instance { get; } = new();
    }

    /// <summary>The snapshot is the last good state; the connection is lost.</summary>
    /// <param name="Interruption">When and why the connection was lost, and when the next attempt starts.</param>
    public sealed record Stale(WatchInterruption Interruption) : Freshness;

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
}
