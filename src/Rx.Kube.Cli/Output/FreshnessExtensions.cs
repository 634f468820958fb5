namespace Rx.Kube.Cli.Output;

/// <summary>Reads the interruption out of a freshness.</summary>
internal static class FreshnessExtensions
{
    /// <summary>Why the state is not live.</summary>
    /// <param name="freshness">The freshness.</param>
    /// <returns>The interruption; null when live, or when no attempt has failed yet.</returns>
    public static WatchInterruption? Interruption(this Freshness freshness) => freshness switch
    {
        Freshness.Stale stale => stale.Interruption,
        Freshness.Syncing syncing => syncing.Interruption,
        _ => null,
    };
}
