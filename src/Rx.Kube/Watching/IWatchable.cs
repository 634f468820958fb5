namespace Rx.Kube;

/// <summary>
/// A collection that can be listed and watched: the only boundary between the network and the operators. A connection provides real
/// collections; tests use scripted ones.
/// </summary>
/// <typeparam name="T">The type of a decoded object.</typeparam>
public interface IWatchable<T>
{
    /// <summary>Lists the collection. Cold: each subscription reads one complete list, in as many pages as necessary.</summary>
    /// <param name="options">The version of the list.</param>
    /// <returns>
    /// One <see cref="WatchEvent{T}.Listed"/>, then OnCompleted; or OnError. Nothing is emitted before the last page has arrived.
    /// </returns>
    IObservable<WatchEvent<T>.Listed> List(ListOptions options);

    /// <summary>Watches the collection. Cold: each subscription sends one HTTP request.</summary>
    /// <param name="options">The start and the duration of the watch.</param>
    /// <returns>
    /// <see cref="WatchEvent{T}.Opened"/> when the server accepts, then one event per change; OnCompleted when the server closes the watch
    /// cleanly; OnError when the watch fails, including through an ERROR event in the stream.
    /// </returns>
    IObservable<WatchEvent<T>> Watch(WatchOptions options);
}

/// <summary>Options of a list. Source: Kubernetes API concepts, "resourceVersion".</summary>
public sealed record ListOptions
{
    /// <summary>Gets the options for the most recent state (a quorum read): no resourceVersion is sent.</summary>
    public static ListOptions MostRecent { get; } = new();

    /// <summary>
    /// Gets the minimum version of the state (<c>resourceVersionMatch=NotOlderThan</c>); null for the most recent
    /// state.
    /// </summary>
    public string? NotOlderThan { get; init; }

    /// <summary>Gets where the arrival of bytes is noted; null for nowhere.</summary>
    internal WatchEvidence? Evidence { get; init; }

    /// <summary>Gets whether the list replaces what its subscription holds; an audit only compares.</summary>
    internal bool IsHeld { get; init; }
}

/// <summary>Options of a watch.</summary>
/// <param name="FromVersion">
/// The version after which events are wanted: the version of a list, an event or a bookmark. With <see cref="SendInitialEvents"/>, the
/// version that the initial state must have reached; empty for the most recent state.
/// </param>
public sealed record WatchOptions(string FromVersion)
{
    /// <summary>
    /// Gets how long the server should keep the watch open (<c>timeoutSeconds</c>, whole seconds); null for the server's choice.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// Gets whether the watch starts with the whole state (a streaming list): one <see cref="WatchEvent{T}.Added"/> for each object, then a
    /// <see cref="WatchEvent{T}.Bookmark"/> that <see cref="WatchEvent{T}.Bookmark.EndsInitialEvents"/>, then the changes. The default is
    /// false. Source: KEP-3157, <c>sendInitialEvents</c>. A server without this feature, or with the feature switched off, answers 422,
    /// ignores it, or never sends that bookmark.
    /// </summary>
    public bool SendInitialEvents { get; init; }

    /// <summary>Gets where the arrival of bytes is noted; null for nowhere.</summary>
    internal WatchEvidence? Evidence { get; init; }
}
