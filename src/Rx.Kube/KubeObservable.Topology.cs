using Rx.Kube.Models;

namespace Rx.Kube;

// From watch events to snapshots. The folds are in Topology/Merging, the snapshots in Topology/Snapshots.
public static partial class KubeObservable
{
    /// <summary>Folds the watch of a Service's EndpointSlices into complete, immutable snapshots.</summary>
    /// <param name="source">The events, normally resumed. Their order is kept; the fold adds no thread and no delay.</param>
    /// <param name="service">
    /// The Service; slices of other Services are ignored. If null, it is the Service that was selected with
    /// <c>EndpointSlices(…, service)</c>, else the Service of the first slice (until then its name is empty); a slice of another Service is
    /// an error.
    /// </param>
    /// <param name="memberOf">
    /// Gives the identity of an endpoint's member, for example to tell the pods of two clusters apart that have the same names. It gets the
    /// endpoint with the default identity, must be pure, and is called for each endpoint of an object that is new or has changed. The
    /// default is null: the pod's name, else the hostname, else the address.
    /// </param>
    /// <param name="limits">
    /// <see cref="TopologyLimits.MaxPortSets"/> and <see cref="TopologyLimits.MaxPortsApart"/> apply. The default is null:
    /// <see cref="TopologyLimits.Default"/>.
    /// </param>
    /// <returns>A cold observable; each subscription has its own state. The effect of each event:
    /// <list type="table">
    /// <item><term>Listed</term><description>one snapshot: the list replaces everything before it, and ends staleness</description></item>
    /// <item><term>Added, Modified, Deleted</term><description>one snapshot</description></item>
    /// <item><term>Skipped</term><description>one snapshot: the slice keeps its last good state, and
    /// <see cref="ServiceTopology.Skipped"/> contains it until the slice is decoded again, is deleted, or is missing from a new list. A
    /// skipped deletion still removes the slice</description></item>
    /// <item><term>Interrupted</term><description>one snapshot: the same endpoints, stale (before the first list: syncing, with the
    /// cause)</description></item>
    /// <item><term>Resumed</term><description>one snapshot: the same endpoints, live</description></item>
    /// <item><term>Opened, Bookmark</term><description>none; after a bookmark the next snapshot has at least its
    /// version</description></item>
    /// <item><term>OnError, OnCompleted</term><description>passed on</description></item>
    /// </list>
    /// OnError with an <see cref="InvalidOperationException"/> for a slice of another Service when <paramref name="service"/> is null; with
    /// the exception of <paramref name="memberOf"/>, or with an <see cref="ArgumentException"/> if it returns null or an empty text.
    /// </returns>
    /// <remarks>
    /// The state is kept per slice, because endpoints move between slices and can be in two slices at once. Each combination of address,
    /// port and protocol appears once in a snapshot. If several endpoints have it, one with a pod takes precedence, then one that is not
    /// terminating, then one that is ready, then one that is serving, and then the content decides, so the order of slices and events never
    /// matters. <see cref="TopologyLimits"/> bound how many of
    /// them count. Unchanged endpoints are the same instances in the next snapshot. Source of the rules: discovery/v1 types.go and
    /// kube-proxy's endpointslicecache.go.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The namespace of <paramref name="service"/> is empty, or its name is not a valid Kubernetes name.
    /// </exception>
    public static IObservable<ServiceTopology> ToTopology(
        this IObservable<WatchEvent<EndpointSlice>> source, ServiceName? service = null, Func<TopologyEndpoint, string>? memberOf = null,
        TopologyLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return ServiceFold.Of(source, ClaimKinds.EndpointSlices.With(memberOf, limits), service);
    }

    /// <summary>Folds the watch of a Service's legacy Endpoints into complete, immutable snapshots.</summary>
    /// <param name="source">The events, normally resumed. Their order is kept; the fold adds no thread and no delay.</param>
    /// <param name="service">
    /// The Service; Endpoints of other Services are ignored. If null, it is the Service that was selected with
    /// <c>Endpoints(…, service)</c>, else the Service of the first object (until then its name is empty); an object of another Service is
    /// an error.
    /// </param>
    /// <param name="memberOf">
    /// Gives the identity of an endpoint's member, for example to tell the pods of two clusters apart that have the same names. It gets the
    /// endpoint with the default identity, must be pure, and is called for each endpoint of an object that is new or has changed. The
    /// default is null: the pod's name, else the hostname, else the address.
    /// </param>
    /// <param name="limits">
    /// <see cref="TopologyLimits.MaxPortSets"/> and <see cref="TopologyLimits.MaxPortsApart"/> apply. The default is null:
    /// <see cref="TopologyLimits.Default"/>.
    /// </param>
    /// <returns>
    /// A cold observable; each subscription has its own state. Each event has the same effect as for
    /// <see cref="ToTopology(IObservable{WatchEvent{EndpointSlice}}, ServiceName?, Func{TopologyEndpoint, string}, TopologyLimits)">
    /// EndpointSlices</see>.
    /// </returns>
    /// <remarks>
    /// An Endpoints object belongs to the Service of the same name. An address is ready for the ports of the subsets that list it in
    /// <c>addresses</c>; the ports for which it is not ready form a separate endpoint. For the same pods, Members and the ready addresses
    /// are the same as with EndpointSlices, except that Endpoints omit the second address family and terminating members, and have at most
    /// 1,000 addresses: see <see cref="ServiceTopology.IsTruncated"/>.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The namespace of <paramref name="service"/> is empty, or its name is not a valid Kubernetes name.
    /// </exception>
    public static IObservable<ServiceTopology> ToTopology(
        this IObservable<WatchEvent<LegacyEndpoints>> source, ServiceName? service = null, Func<TopologyEndpoint, string>? memberOf = null,
        TopologyLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return ServiceFold.Of(source, ClaimKinds.Endpoints.With(memberOf, limits), service);
    }

    /// <summary>Folds a watch of the EndpointSlices of many Services into complete, immutable snapshots of all of them.</summary>
    /// <param name="source">The events, normally resumed. Their order is kept; the fold adds no thread and no delay.</param>
    /// <param name="memberOf">Gives the identity of an endpoint's member, as for <c>ToTopology</c>; null for the default.</param>
    /// <param name="limits">The limits, as for <c>ToTopology</c>; null for the default.</param>
    /// <returns>
    /// A cold observable; each subscription has its own state. Each event emits as many snapshots as in
    /// <see cref="ToTopology(IObservable{WatchEvent{EndpointSlice}}, ServiceName?, Func{TopologyEndpoint, string}, TopologyLimits)"/>:
    /// at most one, which covers all Services.
    /// </returns>
    /// <remarks>
    /// Each Service in a snapshot equals the result of <c>ToTopology(service)</c>. A slice without a Service label belongs to no Service; a
    /// slice whose label changes moves to the other Service. The cost of an event is proportional to its changes, and an interruption is
    /// O(1): the snapshots of single Services are created on demand. A Service without slices costs nothing.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<ClusterTopology> ToClusterTopology(
        this IObservable<WatchEvent<EndpointSlice>> source, Func<TopologyEndpoint, string>? memberOf = null,
        TopologyLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return ClusterFold.Of(source, ClaimKinds.EndpointSlices.With(memberOf, limits));
    }

    /// <summary>Folds a watch of the legacy Endpoints of many Services into complete, immutable snapshots of all of them.</summary>
    /// <param name="source">The events, normally resumed. Their order is kept; the fold adds no thread and no delay.</param>
    /// <param name="memberOf">Gives the identity of an endpoint's member, as for <c>ToTopology</c>; null for the default.</param>
    /// <param name="limits">The limits, as for <c>ToTopology</c>; null for the default.</param>
    /// <returns>
    /// A cold observable, the same as for
    /// <see cref="ToClusterTopology(IObservable{WatchEvent{EndpointSlice}}, Func{TopologyEndpoint, string}, TopologyLimits)">
    /// EndpointSlices</see>.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<ClusterTopology> ToClusterTopology(
        this IObservable<WatchEvent<LegacyEndpoints>> source, Func<TopologyEndpoint, string>? memberOf = null,
        TopologyLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return ClusterFold.Of(source, ClaimKinds.Endpoints.With(memberOf, limits));
    }
}
