namespace Rx.Kube;

/// <summary>How much a snapshot can be trusted to be the server's state of now. A closed set: exactly the nested types.</summary>
public abstract record Freshness
{
    private Freshness()
    {
    }

    /// <summary>No complete list has come yet: nothing is known, which is not the same as "there is nothing".</summary>
    /// <param name="Interruption">Why it takes so long, once an attempt has failed; null before.</param>
    public sealed record Syncing(WatchInterruption? Interruption = null) : Freshness;

    /// <summary>Complete, and the watch is connected.</summary>
    public sealed record Live : Freshness
    {
        /// <summary>The one value.</summary>
        public static Live Instance { get; } = new();
    }

    /// <summary>The last good state; the connection is lost.</summary>
    /// <param name="Interruption">Since when, why, and when the next attempt is due.</param>
    public sealed record Stale(WatchInterruption Interruption) : Freshness;

    /// <summary>Whether the watch is connected and the state complete.</summary>
    public bool IsLive => this is Live;

    /// <summary>Whether a complete list has come, so that the snapshot means something.</summary>
    public bool IsSynced => this is not Syncing;

    /// <summary>The word for it: <c>syncing</c>, <c>live</c> or <c>stale</c>.</summary>
    /// <returns>The word.</returns>
    public sealed override string ToString() => this switch
    {
        Live => "live",
        Stale => "stale",
        _ => "syncing",
    };
}
