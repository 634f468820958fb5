namespace Rx.Kube;

// Waiting until a stream of snapshots has reached a resourceVersion.
public static partial class KubeObservable
{
    /// <summary>
    /// Skips snapshots until one has reached a resourceVersion, so that a process sees its own write, or a state that another process has
    /// seen.
    /// </summary>
    /// <param name="source">The snapshots.</param>
    /// <param name="version">
    /// The resourceVersion to reach: of an object of the watched collection, as a write returns it, or
    /// <see cref="ServiceTopology.Version"/> of another process' snapshot of this collection.
    /// </param>
    /// <returns>A cold stream. The effect of each event:
    /// <list type="table">
    /// <item><term>A snapshot that is syncing</term><description>nothing, as long as no snapshot has reached the
    /// version</description></item>
    /// <item><term>A snapshot with an older version</term><description>nothing, as long as no snapshot has reached the
    /// version</description></item>
    /// <item><term>A snapshot that has reached the version, live or stale</term><description>that snapshot</description></item>
    /// <item><term>Every snapshot after it</term><description>that snapshot, even if a relist went back to an older
    /// version</description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// <para>A snapshot has reached a version if its own version is equal to it or newer. Versions are ordered only if both are canonical
    /// decimals, as API servers have guaranteed since Kubernetes 1.35 (KEP-5504); others are only compared for equality. Such a version
    /// may never be reached, because snapshots do not show every version that a watch passes: combine the wait with <c>Timeout</c> on your
    /// scheduler.</para>
    /// <para>A watch that only reaches a newer version by a bookmark emits no snapshot; the next snapshot has that version. Therefore, wait
    /// for versions of objects that the watch contains. Kubernetes defines no order between versions of different collections: for a
    /// version of another collection, such as the Pods behind a Service, the wait may end too early, with a snapshot that does not show
    /// the write yet, or too late, only when this collection changes next.</para>
    /// <para>If the server's state goes back before the version is reached (etcd restored from a backup), the wait continues until the new
    /// history reaches the same number, which then stands for other content: to detect this, compare the content.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="version"/> is empty.</exception>
    public static IObservable<ServiceTopology> SkipUntilAtLeast(this IObservable<ServiceTopology> source, string version)
    {
        CheckVersion(source, version);
        return ReachedVersion.Skip(source, static topology => topology.Version, version);
    }

    /// <summary>Skips snapshots of all Services until one has reached a resourceVersion.</summary>
    /// <param name="source">The snapshots.</param>
    /// <param name="version">The resourceVersion to reach, of an object of the watched collection.</param>
    /// <returns>
    /// A cold stream; each event has the same effect as for
    /// <see cref="SkipUntilAtLeast(IObservable{ServiceTopology}, string)">one Service</see>.
    /// </returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="version"/> is empty.</exception>
    public static IObservable<ClusterTopology> SkipUntilAtLeast(this IObservable<ClusterTopology> source, string version)
    {
        CheckVersion(source, version);
        return ReachedVersion.Skip(source, static topology => topology.Version, version);
    }

    /// <summary>Skips snapshots of a store until one has reached a resourceVersion.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <param name="source">The snapshots.</param>
    /// <param name="version">The resourceVersion to reach, of an object of the watched collection.</param>
    /// <returns>
    /// A cold stream; each event has the same effect as for
    /// <see cref="SkipUntilAtLeast(IObservable{ServiceTopology}, string)">a Service</see>.
    /// </returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="version"/> is empty.</exception>
    public static IObservable<ResourceStore<T>> SkipUntilAtLeast<T>(this IObservable<ResourceStore<T>> source, string version)
    {
        CheckVersion(source, version);
        return ReachedVersion.Skip(source, static store => store.Version, version);
    }

    /// <summary>Waits for the first snapshot that has reached a resourceVersion.</summary>
    /// <param name="source">The snapshots.</param>
    /// <param name="version">
    /// The resourceVersion to reach, of an object of the watched collection; see
    /// <see cref="SkipUntilAtLeast(IObservable{ServiceTopology}, string)"/> for what reaches it.
    /// </param>
    /// <param name="cancellationToken">Ends the wait; the task is then cancelled.</param>
    /// <returns>
    /// The first snapshot that has reached the version. The task fails with the error of the source, and with an
    /// <see cref="InvalidOperationException"/> if the source completes first.
    /// </returns>
    /// <remarks>
    /// The call subscribes to the source; the subscription ends with the task. The code after the <c>await</c> may run on the thread of the
    /// source, inside its OnNext: to continue elsewhere, put <see cref="ObserveLatest"/> before this method.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="version"/> is empty.</exception>
    public static Task<ServiceTopology> AtLeastAsync(
        this IObservable<ServiceTopology> source, string version, CancellationToken cancellationToken = default)
    {
        CheckVersion(source, version);
        return ReachedVersion.FirstAsync(source, static topology => topology.Version, version, cancellationToken);
    }

    /// <summary>Waits for the first snapshot of all Services that has reached a resourceVersion.</summary>
    /// <param name="source">The snapshots.</param>
    /// <param name="version">The resourceVersion to reach, of an object of the watched collection.</param>
    /// <param name="cancellationToken">Ends the wait; the task is then cancelled.</param>
    /// <returns>
    /// The first snapshot that has reached the version, as for
    /// <see cref="AtLeastAsync(IObservable{ServiceTopology}, string, CancellationToken)">one Service</see>.
    /// </returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="version"/> is empty.</exception>
    public static Task<ClusterTopology> AtLeastAsync(
        this IObservable<ClusterTopology> source, string version, CancellationToken cancellationToken = default)
    {
        CheckVersion(source, version);
        return ReachedVersion.FirstAsync(source, static topology => topology.Version, version, cancellationToken);
    }

    /// <summary>Waits for the first snapshot of a store that has reached a resourceVersion.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <param name="source">The snapshots.</param>
    /// <param name="version">The resourceVersion to reach, of an object of the watched collection.</param>
    /// <param name="cancellationToken">Ends the wait; the task is then cancelled.</param>
    /// <returns>
    /// The first snapshot that has reached the version, as for
    /// <see cref="AtLeastAsync(IObservable{ServiceTopology}, string, CancellationToken)">a Service</see>.
    /// </returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="version"/> is empty.</exception>
    public static Task<ResourceStore<T>> AtLeastAsync<T>(
        this IObservable<ResourceStore<T>> source, string version, CancellationToken cancellationToken = default)
    {
        CheckVersion(source, version);
        return ReachedVersion.FirstAsync(source, static store => store.Version, version, cancellationToken);
    }

    private static void CheckVersion<T>(IObservable<T> source, string version)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(version);
    }
}
