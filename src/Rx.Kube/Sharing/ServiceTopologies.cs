using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>
/// The Services of one shared source, each as an observable. Created by <see cref="KubeObservable.ByService"/>. Thread-safe.
/// </summary>
public sealed class ServiceTopologies
{
    private readonly SharedLatest<ClusterTopology, ServiceName, ServiceTopology> _shared;

    internal ServiceTopologies(IObservable<ClusterTopology> source, Action<Exception>? onError, IScheduler? observeOn) =>
        _shared = new(source, static (cluster, service) => cluster[service], Changed, onError, observeOn);

    /// <summary>Gets the snapshots of one Service.</summary>
    /// <param name="service">The Service; it need not exist.</param>
    /// <returns>
    /// An observable whose subscriptions, together with those to other Services, share one subscription to the source: from the first
    /// subscription until the last is disposed, or until the source ends. What a subscriber receives:
    /// <list type="table">
    /// <item><term>when it subscribes</term><description>the current snapshot at once, if there is one</description></item>
    /// <item><term>a change of its Service</term><description>one snapshot, even if it equals the one before, as with
    /// <c>ToTopology</c></description></item>
    /// <item><term>a list, an interruption, the end of an interruption</term><description>one snapshot, for every
    /// Service</description></item>
    /// <item><term>a change of other Services</term><description>nothing; the next snapshot of its Service has the version
    /// that the watch has then</description></item>
    /// <item><term>the Service does not exist</term><description>nothing before the first list (a syncing snapshot if there is an
    /// interruption), then a live one without endpoints; also one without endpoints when the Service is deleted</description></item>
    /// <item><term>OnCompleted</term><description>passed on, after a snapshot that waits; a later subscription makes a new subscription to
    /// the source</description></item>
    /// <item><term>OnError</term><description>passed on; a snapshot that waits is dropped. A later subscription makes a new subscription to
    /// the source, so <c>Retry</c> works</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// <para>Threads, slow subscribers and subscribers that throw are as with
    /// <see cref="KubeObservable.ShareLatest{T}(IObservable{T}, Action{Exception}?, IScheduler?)"/>: a subscriber receives one snapshot at
    /// a time, and never an older one after a newer one; while it is busy, only the newest snapshot waits for it.</para>
    /// <para>The cost of an event is proportional to the change and to the number of subscribers that receive it.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="service"/> is null.</exception>
    /// <exception cref="ArgumentException">Its namespace is empty, or its name is not a valid Kubernetes name.</exception>
    public IObservable<ServiceTopology> Service(ServiceName service)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentException.ThrowIfNullOrEmpty(service.Namespace, nameof(service));
        KubeNames.Service(service.Name, nameof(service));
        return _shared.Of(service);
    }

    // In another phase every Service has a new snapshot.
    private static IEnumerable<ServiceName>? Changed(ClusterTopology before, ClusterTopology now) =>
        ReferenceEquals(before.Phase, now.Phase) ? now.StepsFrom(before).Select(step => step.Name) : null;
}
