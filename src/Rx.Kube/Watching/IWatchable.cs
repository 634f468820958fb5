namespace Rx.Kube;

/// <summary>
/// A collection that can be listed and watched: the one seam between the network and the operators.
/// Real ones come from a connection; tests script them.
/// </summary>
/// <typeparam name="T">The decoded object.</typeparam>
public interface IWatchable<T>
{
    /// <summary>Lists the collection. Cold: one subscription is one complete list, over as many pages as it takes.</summary>
    /// <param name="options">At which version.</param>
    /// <returns>
    /// One <see cref="WatchEvent{T}.Listed"/>, then OnCompleted; or OnError. Nothing is published before the last page has come.
    /// </returns>
    IObservable<WatchEvent<T>.Listed> List(ListOptions options);

    /// <summary>Watches the collection. Cold: one subscription is one HTTP request.</summary>
    /// <param name="options">From which version, and for how long.</param>
    /// <returns>
    /// <see cref="WatchEvent{T}.Opened"/> when the server accepted, then an event per change; OnCompleted when the server closes
    /// cleanly; OnError when it fails, an ERROR event in the stream included.
    /// </returns>
    IObservable<WatchEvent<T>> Watch(WatchOptions options);
}

/// <summary>How to list. Source: Kubernetes API concepts, "resourceVersion".</summary>
public sealed record ListOptions
{
    /// <summary>The most recent state (a quorum read): no resourceVersion is sent.</summary>
    public static ListOptions MostRecent { get; } = new();

    /// <summary>
    /// A state at least as new as this version (<c>resourceVersionMatch=NotOlderThan</c>); null for the most recent.
    /// </summary>
    public string? NotOlderThan { get; init; }
}

/// <summary>How to watch.</summary>
/// <param name="FromVersion">The version after which events are wanted: that of a list, an event or a bookmark.</param>
public sealed record WatchOptions(string FromVersion)
{
    /// <summary>How long the server shall keep the watch open (<c>timeoutSeconds</c>, whole seconds); null for the server's choice.</summary>
    public TimeSpan? Timeout { get; init; }
}
