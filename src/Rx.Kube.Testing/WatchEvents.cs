using Rx.Kube.Models;

namespace Rx.Kube.Testing;

/// <summary>Creates the events of a watch.</summary>
public static class WatchEvents
{
    /// <summary>Creates the event of a complete list.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="version">The version of the list.</param>
    /// <param name="items">The objects.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Listed<T>(string version, params T[] items) => new WatchEvent<T>.Listed([.. items], version);

    /// <summary>Creates the event for a watch that the server has accepted.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Opened<T>() => new WatchEvent<T>.Opened();

    /// <summary>Creates the event for a watch that has resumed without a gap after an interruption.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Resumed<T>() => new WatchEvent<T>.Resumed();

    /// <summary>Creates the event of a lost connection.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="kind">The kind of interruption. The default is an unreachable server.</param>
    /// <param name="since">When the server was last heard from; also used as the time of the failed attempt.</param>
    /// <param name="retryAfter">The time to the next attempt.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Interrupted<T>(
        InterruptionKind kind = InterruptionKind.Unreachable, DateTimeOffset since = default, TimeSpan retryAfter = default) =>
        new WatchEvent<T>.Interrupted(new(kind, $"{kind}", since, since, retryAfter));

    /// <summary>Creates the event of an added object.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="item">The object.</param>
    /// <param name="version">The version of the change.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Added<T>(T item, string version) => new WatchEvent<T>.Added(item, version);

    /// <summary>Creates the event of a modified object.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="item">The object.</param>
    /// <param name="version">The version of the change.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Modified<T>(T item, string version) => new WatchEvent<T>.Modified(item, version);

    /// <summary>Creates the event of a deleted object.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="item">The last state of the object.</param>
    /// <param name="version">The version of the change.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Deleted<T>(T item, string version) => new WatchEvent<T>.Deleted(item, version);

    /// <summary>Creates a bookmark: all changes up to a version have been sent.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="version">The version.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Bookmark<T>(string version) => new WatchEvent<T>.Bookmark(version);

    /// <summary>Creates the event of an object that cannot be decoded: its last good state stays.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="namespace">The namespace of the object; empty for a cluster-scoped object.</param>
    /// <param name="name">The name of the object.</param>
    /// <param name="version">The version of the change.</param>
    /// <param name="reason">Why it cannot be decoded.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Skipped<T>(string @namespace, string name, string version, string reason) =>
        new WatchEvent<T>.Skipped(new SkippedObject(@namespace, name, version, reason), version);

    /// <summary>Creates the event of an added object, at the version of the object.</summary>
    /// <typeparam name="T">The type of the objects, such as <see cref="EndpointSlice"/>.</typeparam>
    /// <param name="item">The object.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Added<T>(this T item)
        where T : IResource => Added(item, item.Metadata.ResourceVersion);

    /// <summary>Creates the event of a modified object, at the version of the object.</summary>
    /// <typeparam name="T">The type of the objects, such as <see cref="EndpointSlice"/>.</typeparam>
    /// <param name="item">The object after the change.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Modified<T>(this T item)
        where T : IResource => Modified(item, item.Metadata.ResourceVersion);

    /// <summary>Creates the event of a deleted slice.</summary>
    /// <param name="slice">The last state of the slice.</param>
    /// <param name="version">The version of the deletion, which the object in the event also has.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<EndpointSlice> Deleted(this EndpointSlice slice, long version)
    {
        var last = slice.At(version);
        return Deleted(last, last.Metadata.ResourceVersion);
    }
}
