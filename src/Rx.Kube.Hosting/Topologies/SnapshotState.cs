namespace Rx.Kube;

/// <summary>What the host reads from snapshots.</summary>
internal static class SnapshotState
{
    /// <summary>Gets the interruption; null while there is none.</summary>
    public static WatchInterruption? Interruption(this Freshness freshness) => freshness switch
    {
        Freshness.Stale stale => stale.Interruption,
        Freshness.Syncing syncing => syncing.Interruption,
        _ => null,
    };
}
