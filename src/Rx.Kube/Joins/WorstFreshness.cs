namespace Rx.Kube;

/// <summary>Computes the freshness of a join: the freshness of its worst side.</summary>
internal static class WorstFreshness
{
    /// <summary>Gets the worse of two; of two that are equally bad the one whose cause is older.</summary>
    public static Freshness Of(Freshness one, Freshness other) => (one, other) switch
    {
        (Freshness.Syncing a, Freshness.Syncing b) => IsOlder(b.Interruption, a.Interruption) ? b : a,
        (Freshness.Syncing, _) => one,
        (_, Freshness.Syncing) => other,
        (Freshness.Stale a, Freshness.Stale b) => IsOlder(b.Interruption, a.Interruption) ? b : a,
        (Freshness.Stale, _) => one,
        _ => other,
    };

    private static bool IsOlder(WatchInterruption? interruption, WatchInterruption? than) =>
        interruption is not null && (than is null || interruption.Since < than.Since);
}
