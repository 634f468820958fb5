using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>Operators for all Services of a namespace or a cluster over one watch.</summary>
public static partial class KubeObservable
{
    /// <summary>Folds a watch of the EndpointSlices of many Services into complete, immutable snapshots of all of them.</summary>
    /// <param name="source">The events, normally resumed. Their order is kept; the fold adds no thread and no time.</param>
    /// <returns>
    /// A cold observable; each subscription has its own state. Each event gives what it gives in
    /// <see cref="KubeObservable.ToTopology(IObservable{WatchEvent{EndpointSlice}}, ServiceName?)"/>: at most one snapshot, for all Services.
    /// </returns>
    /// <remarks>
    /// Each Service in a snapshot is what <c>ToTopology(service)</c> would give for it. A slice that names no Service belongs to none; one whose
    /// label changes moves. An event costs in proportion to what it changes, an interruption nothing: the snapshots of single Services are made
    /// when they are asked for. A Service without slices costs nothing.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<ClusterTopology> ToClusterTopology(this IObservable<WatchEvent<EndpointSlice>> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Fold(source, ClaimKinds.EndpointSlices);
    }

    /// <summary>Folds a watch of the legacy Endpoints of many Services into complete, immutable snapshots of all of them.</summary>
    /// <param name="source">The events, normally resumed. Their order is kept; the fold adds no thread and no time.</param>
    /// <returns>A cold observable, as that of <see cref="ToClusterTopology(IObservable{WatchEvent{EndpointSlice}})">EndpointSlices</see>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<ClusterTopology> ToClusterTopology(this IObservable<WatchEvent<LegacyEndpoints>> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Fold(source, ClaimKinds.Endpoints);
    }

    /// <summary>Shares one subscription among all who are interested in single Services.</summary>
    /// <param name="source">The snapshots of all Services.</param>
    /// <param name="scheduler">Where exceptions that subscribers throw are thrown; null for <see cref="Scheduler.Default"/>. Nothing else runs there.</param>
    /// <returns>Hands out an observable per Service. It holds a subscription to the source only while somebody is subscribed to one of them.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static ServiceTopologies ByService(this IObservable<ClusterTopology> source, IScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ServiceTopologies(source, scheduler ?? Scheduler.Default);
    }

    private static IObservable<ClusterTopology> Fold<T>(IObservable<WatchEvent<T>> source, ClaimKind<T> kind)
        where T : IResource =>
        Observable.Defer(() => source.Select(new ClusterFold<T>(kind).Apply).Where(t => t is not null).Select(t => t!));
}
