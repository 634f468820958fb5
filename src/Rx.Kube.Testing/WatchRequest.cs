namespace Rx.Kube.Testing;

/// <summary>
/// A request to a <see cref="ScriptedWatch{T}"/>. Its text is short enough for comparisons: <c>watch from 17 at 800 ms</c>.
/// </summary>
public sealed class WatchRequest
{
    internal WatchRequest(long frame, ListOptions options) => (Frame, List) = (frame, options);

    internal WatchRequest(long frame, WatchOptions options) => (Frame, Watch) = (frame, options);

    /// <summary>Gets the time of the request in milliseconds of the virtual clock.</summary>
    public long Frame { get; }

    /// <summary>
    /// Gets the time, in milliseconds of the virtual clock, at which the response was complete or the subscription was disposed. Null
    /// while the request is open.
    /// </summary>
    public long? End { get; internal set; }

    /// <summary>Gets whether the script had a response.</summary>
    public bool IsAnswered { get; internal set; }

    /// <summary>Gets the options of a list; null for a watch.</summary>
    public ListOptions? List { get; }

    /// <summary>Gets the options of a watch; null for a list.</summary>
    public WatchOptions? Watch { get; }

    /// <summary>Gets the requested version; empty for the most recent version.</summary>
    public string Version => Watch?.FromVersion ?? List?.NotOlderThan ?? "";

    /// <summary>
    /// Returns the request and its time: <c>list at 0 ms</c>, <c>list not older than 17 at 900 ms</c>, <c>watch from 17 at 800 ms</c>.
    /// </summary>
    /// <returns>The text.</returns>
    public override string ToString() => this switch
    {
        { Watch: not null } => $"watch from {Version} at {Frame} ms",
        { List.NotOlderThan: not null } => $"list not older than {Version} at {Frame} ms",
        _ => $"list at {Frame} ms",
    };
}
