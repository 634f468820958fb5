using System.Reactive.Linq;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>Operators from watch events to topology snapshots.</summary>
public static partial class KubeObservable
{
    /// <summary>Folds the watch of a Service's EndpointSlices into complete, immutable snapshots.</summary>
    /// <param name="source">The events, normally resumed. Their order is kept; the fold adds no thread and no time.</param>
    /// <param name="service">
    /// The Service: slices of others are passed over. If null it is the Service of the first slice (until then its name is empty),
    /// and a slice of another one is an error.
    /// </param>
    /// <returns>A cold observable; each subscription has its own state. What each event gives:
    /// <list type="table">
    /// <item><term>Listed</term><description>one snapshot: the list replaces everything before it, and ends staleness</description></item>
    /// <item><term>Added, Modified, Deleted</term><description>one snapshot</description></item>
    /// <item><term>Skipped</term><description>one snapshot: the slice's last good state stays, and
    /// <see cref="ServiceTopology.Skipped"/> says so until a good event or the deletion of that slice, or a list without it. A deletion that was skipped is a deletion</description></item>
    /// <item><term>Interrupted</term><description>one snapshot: the same endpoints, stale (before the first list: syncing, with the cause)</description></item>
    /// <item><term>Resumed</term><description>one snapshot: the same endpoints, live</description></item>
    /// <item><term>Opened, Bookmark</term><description>none; after a bookmark the next snapshot has at least its version</description></item>
    /// <item><term>OnError, OnCompleted</term><description>passed on</description></item>
    /// </list>
    /// OnError with an <see cref="InvalidOperationException"/> for a slice of another Service when <paramref name="service"/> is null.
    /// </returns>
    /// <remarks>
    /// Slices are kept per slice, since endpoints move between slices and may be in two at once; each address, port and protocol
    /// then appears once: the claim that is not terminating wins, then ready, then serving, then content decides, so the order of
    /// slices and events never matters. A member is the pod's name, else the hostname, else the address. Endpoints that did not change
    /// are the same objects in the next snapshot. Source of the rules: discovery/v1 types.go and kube-proxy's endpointslicecache.go.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentException">The name or the namespace of <paramref name="service"/> is empty.</exception>
    public static IObservable<ServiceTopology> ToTopology(this IObservable<WatchEvent<EndpointSlice>> source, ServiceName? service = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Fold(source, ClaimKinds.EndpointSlices, service);
    }

    /// <summary>Folds the watch of a Service's legacy Endpoints into complete, immutable snapshots.</summary>
    /// <param name="source">The events, normally resumed. Their order is kept; the fold adds no thread and no time.</param>
    /// <param name="service">
    /// The Service: Endpoints of others are passed over. If null it is the Service of the first object (until then its name is empty),
    /// and an object of another one is an error.
    /// </param>
    /// <returns>
    /// A cold observable; each subscription has its own state. What each event gives is as for
    /// <see cref="ToTopology(IObservable{WatchEvent{EndpointSlice}}, ServiceName?)">EndpointSlices</see>.
    /// </returns>
    /// <remarks>
    /// The Service of an Endpoints object is that of the same name. An address is ready for the ports of the subsets that have it in
    /// <c>addresses</c>: where it is not ready for others of its ports, these are an endpoint of their own. For the same pods Members and the
    /// ready addresses are those of the EndpointSlices, but for the second address family, and for members that are terminating, which
    /// Endpoints leave out; and there are no more than 1,000 addresses: see <see cref="ServiceTopology.IsTruncated"/>.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentException">The name or the namespace of <paramref name="service"/> is empty.</exception>
    public static IObservable<ServiceTopology> ToTopology(this IObservable<WatchEvent<LegacyEndpoints>> source, ServiceName? service = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Fold(source, ClaimKinds.Endpoints, service);
    }

    private static IObservable<ServiceTopology> Fold<T>(IObservable<WatchEvent<T>> source, ClaimKind<T> kind, ServiceName? service)
        where T : IResource
    {
        if (service is not null)
        {
            ArgumentException.ThrowIfNullOrEmpty(service.Namespace, nameof(service));
            ArgumentException.ThrowIfNullOrEmpty(service.Name, nameof(service));
        }

        return Observable.Defer(() => source.Select(new ServiceFold<T>(kind, service).Apply).Where(t => t is not null).Select(t => t!));
    }
}
