namespace Rx.Kube;

/// <summary>Short forms of the two requests.</summary>
public static partial class KubeObservable
{
    /// <summary>Lists the most recent state.</summary>
    /// <typeparam name="T">The type of a decoded object.</typeparam>
    /// <param name="source">The collection.</param>
    /// <returns>One complete list, or OnError. Cold.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<WatchEvent<T>.Listed> List<T>(this IWatchable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.List(ListOptions.MostRecent);
    }

    /// <summary>
    /// Watches from a version, for as long as the server chooses. This is one HTTP request; <see cref="KubeObservable.Resume"/> makes a
    /// lasting stream.
    /// </summary>
    /// <typeparam name="T">The type of a decoded object.</typeparam>
    /// <param name="source">The collection.</param>
    /// <param name="fromVersion">The version after which events are wanted.</param>
    /// <returns>The events of the watch. Cold.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<WatchEvent<T>> Watch<T>(this IWatchable<T> source, string fromVersion)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(fromVersion);
        return source.Watch(new WatchOptions(fromVersion));
    }
}
