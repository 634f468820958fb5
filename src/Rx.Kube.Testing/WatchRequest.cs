namespace Rx.Kube.Testing;

/// <summary>What a <see cref="ScriptedWatch{T}"/> was asked. Its text is short enough to be compared: <c>watch from 17 at 800 ms</c>.</summary>
public sealed class WatchRequest
{
    internal WatchRequest(long frame, ListOptions options) => (Frame, List) = (frame, options);

    internal WatchRequest(long frame, WatchOptions options) => (Frame, Watch) = (frame, options);

    /// <summary>When it was asked, in milliseconds of the virtual clock.</summary>
    public long Frame { get; }

    /// <summary>
    /// When it was over, because it was answered to the end or because the one who asked let go; in milliseconds of the virtual clock.
    /// Null while it is open.
    /// </summary>
    public long? End { get; internal set; }

    /// <summary>Whether the script had an answer.</summary>
    public bool IsAnswered { get; internal set; }

    /// <summary>How a list was asked for; null if a watch was.</summary>
    public ListOptions? List { get; }

    /// <summary>How a watch was asked for; null if a list was.</summary>
    public WatchOptions? Watch { get; }

    /// <summary>The version asked for; empty for the most recent.</summary>
    public string Version => Watch?.FromVersion ?? List?.NotOlderThan ?? "";

    /// <summary>What was asked and when: <c>list at 0 ms</c>, <c>list not older than 17 at 900 ms</c>, <c>watch from 17 at 800 ms</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => this switch
    {
        { Watch: not null } => $"watch from {Version} at {Frame} ms",
        { List.NotOlderThan: not null } => $"list not older than {Version} at {Frame} ms",
        _ => $"list at {Frame} ms",
    };
}
