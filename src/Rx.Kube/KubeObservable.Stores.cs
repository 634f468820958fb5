using System.Collections.Immutable;
using Rx.Kube.Models;

namespace Rx.Kube;

public static partial class KubeObservable
{
    /// <summary>Folds the watch of any resource into complete, immutable snapshots with secondary indexes.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <param name="source">The events, normally resumed. Their order is kept; the fold adds no thread and no delay.</param>
    /// <param name="indexes">The secondary indexes to maintain. The cost of an update is proportional to the change.</param>
    /// <returns>A cold observable; each subscription has its own state. The effect of each event:
    /// <list type="table">
    /// <item><term>Listed</term><description>one snapshot: the list replaces everything before it, and ends staleness</description></item>
    /// <item><term>Added, Modified, Deleted</term><description>one snapshot</description></item>
    /// <item><term>Skipped</term><description>one snapshot: the object's last good state stays, and <see cref="ResourceStore{T}.Skipped"/>
    /// contains it until the object is decoded again, is deleted, or is missing from a new list. A skipped deletion still removes the
    /// object</description></item>
    /// <item><term>Interrupted</term><description>one snapshot: the same objects, stale (before the first list: syncing, with the
    /// cause)</description></item>
    /// <item><term>Resumed</term><description>one snapshot: the same objects, live</description></item>
    /// <item><term>Opened, Bookmark</term><description>none; after a bookmark the next snapshot has at least its
    /// version</description></item>
    /// <item><term>OnError, OnCompleted</term><description>passed on</description></item>
    /// </list>
    /// An exception thrown by an index function becomes OnError.
    /// </returns>
    /// <remarks>
    /// <code>
    /// source     L-----M--B--I-----R--M----&gt;    L: a, b    M: a changes    I: interrupted    R: resumed
    /// ToStore()  s-----t-----u-----v--w----&gt;    s, t, v, w live; u stale, with the objects of t
    /// </code>
    /// An unchanged object is the same instance in the next snapshot. Nothing is buffered.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">One of <paramref name="indexes"/> is null.</exception>
    public static IObservable<ResourceStore<T>> ToStore<T>(this IObservable<WatchEvent<T>> source, params StoreIndex<T>[] indexes)
        where T : IResource =>
        source.ToStore(static item => item.Metadata, indexes);

    /// <summary>
    /// Folds the watch of any resource into complete, immutable snapshots with secondary indexes, for types from other libraries.
    /// </summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <param name="source">The events, normally resumed. Their order is kept; the fold adds no thread and no delay.</param>
    /// <param name="metadata">
    /// Gets the metadata of an object: namespace and name form its key, and a different uid means a different object. If a new object
    /// equals the old one but has another resourceVersion, the new object is kept.
    /// </param>
    /// <param name="indexes">The secondary indexes to maintain. The cost of an update is proportional to the change.</param>
    /// <returns>
    /// A cold observable; each subscription has its own state. Each event has the same effect as in the other overload. OnError also
    /// reports an exception thrown by <paramref name="metadata"/> or by the equality of <typeparamref name="T"/>, and an
    /// <see cref="InvalidOperationException"/> if <paramref name="metadata"/> returns null.
    /// </returns>
    /// <example><code>
    /// IObservable&lt;ResourceStore&lt;Widget&gt;&gt; widgets = kube.Resources(widgetKind).Resume()
    ///     .ToStore(w => new ObjectMeta { Namespace = w.Metadata.Namespace, Name = w.Metadata.Name, Uid = w.Metadata.Uid });
    /// </code></example>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">One of <paramref name="indexes"/> is null.</exception>
    public static IObservable<ResourceStore<T>> ToStore<T>(
        this IObservable<WatchEvent<T>> source, Func<T, ObjectMeta> metadata, params StoreIndex<T>[] indexes)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(indexes);
        ImmutableArray<StoreIndex<T>> kept = [.. indexes];
        return kept.Contains(null!)
            ? throw new ArgumentException("An index is null.", nameof(indexes))
            : StoreFold<T>.Create(source, metadata, kept);
    }
}
