namespace Rx.Kube.Simulator.Storage;

/// <summary>The types of watch events, with the names of the protocol.</summary>
internal enum WatchItemType
{
    Added,
    Modified,
    Deleted,
    Bookmark,
}

/// <summary>One event of a watch. A bookmark has a version and no object.</summary>
/// <param name="Type">The kind of event.</param>
/// <param name="Object">The object; null for a bookmark.</param>
/// <param name="Version">The version of the change, or of the bookmark.</param>
/// <param name="InitialEnd">Whether this bookmark ends the initial events of a streaming list.</param>
internal readonly record struct WatchItem(WatchItemType Type, StoredObject? Object, long Version, bool InitialEnd = false)
{
    internal static WatchItem Added(StoredObject o) => new(WatchItemType.Added, o, o.Version);

    internal static WatchItem Bookmark(long version, bool initialEnd = false) => new(WatchItemType.Bookmark, null, version, initialEnd);
}
