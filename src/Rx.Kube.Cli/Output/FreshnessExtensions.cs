namespace Rx.Kube.Cli.Output;

/// <summary>Gets the interruption of a freshness.</summary>
internal static class FreshnessExtensions
{
    /// <summary>Gets the reason why the state is not live.</summary>
    /// <param name="freshness">The freshness.</param>
    /// <returns>The interruption; null while live and before the first failed attempt.</returns>
    public static WatchInterruption? Interruption(this Freshness freshness) => freshness switch
    {
        Freshness.Stale stale => stale.Interruption,
        Freshness.Syncing syncing => syncing.Interruption,
        _ => null,
    };
}
