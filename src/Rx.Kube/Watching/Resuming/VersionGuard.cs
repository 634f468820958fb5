namespace Rx.Kube;

/// <summary>
/// The version that a stream has reached. It drops events that do not move it, and ends the attempt when the server goes back. It is the
/// state of one subscription.
/// </summary>
internal sealed class VersionGuard(ResumeRules rules)
{
    /// <summary>Gets the version reached; empty before the first list.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Starts from the version of a list.</summary>
    public void StartFrom(string version) => Version = version;

    /// <summary>Decides about an event: whether it is passed on.</summary>
    /// <exception cref="AttemptEndedException">
    /// The event is older than one before it, so the server went back or lost its order.
    /// </exception>
    public bool Accepts<T>(WatchEvent<T> next)
    {
        if (next.VersionReached is not { } version || next is WatchEvent<T>.Listed)
        {
            return true;
        }

        var isBookmark = next is WatchEvent<T>.Bookmark;
        if (rules.GuardsVersions && version == Version)
        {
            return isBookmark;
        }

        if (rules.CursorOnlyGrows && ResourceVersion.IsOlder(version, than: Version))
        {
            return rules.GuardsVersions
                ? throw new AttemptEndedException(new(
                    EndKind.WentBack, InterruptionKind.Expired,
                    $"the server sent version {version} after {Version}: its state went back, or its events are out of order"))
                : true;
        }

        Version = isBookmark && !rules.BookmarksMoveCursor ? Version : version;
        return true;
    }
}
