using Rx.Kube.Models;


namespace Rx.Kube.Testing;

/// <summary>Short names for the events of a watch.</summary>
public static class WatchEvents
{
    /// <summary>A complete list.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <param name="version">The version of the list.</param>
    /// <param name="items">The objects.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Listed<T>(string version, params T[] items) => new WatchEvent<T>.Listed([.. items], version);

    /// <summary>The server accepted the watch.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Opened<T>() => new WatchEvent<T>.Opened();

    /// <summary>The watch goes on after an interruption, and nothing was missed.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Resumed<T>() => new WatchEvent<T>.Resumed();

    /// <summary>An object appeared.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <param name="item">The object.</param>
    /// <param name="version">The version of the change.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Added<T>(T item, string version) => new WatchEvent<T>.Added(item, version);

    /// <summary>An object changed.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <param name="item">The object.</param>
    /// <param name="version">The version of the change.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Modified<T>(T item, string version) => new WatchEvent<T>.Modified(item, version);

    /// <summary>An object disappeared.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <param name="item">The object as it was last.</param>
    /// <param name="version">The version of the change.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Deleted<T>(T item, string version) => new WatchEvent<T>.Deleted(item, version);

    /// <summary>Nothing changed up to a version.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <param name="version">The version.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<T> Bookmark<T>(string version) => new WatchEvent<T>.Bookmark(version);

    /// <summary>A slice appeared, at its own version.</summary>
    /// <param name="slice">The slice.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<EndpointSlice> Added(this EndpointSlice slice) => Added(slice, slice.Metadata.ResourceVersion);

    /// <summary>A slice changed, at its own version.</summary>
    /// <param name="slice">The slice as it is now.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<EndpointSlice> Modified(this EndpointSlice slice) => Modified(slice, slice.Metadata.ResourceVersion);

    /// <summary>A slice disappeared.</summary>
    /// <param name="slice">The slice as it was last.</param>
    /// <param name="version">The version of the deletion, which the object carries as well.</param>
    /// <returns>The event.</returns>
    public static WatchEvent<EndpointSlice> Deleted(this EndpointSlice slice, long version)
    {
        var last = slice.At(version);
        return Deleted(last, last.Metadata.ResourceVersion);
    }
}
