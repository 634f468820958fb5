using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>The collections of a connection. Nothing is sent before a subscription.</summary>
public static class KubeConnectionWatches
{
    /// <summary>Gets the EndpointSlices of a namespace, or of one Service in it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="namespace">The namespace; null for the connection's namespace.</param>
    /// <param name="service">The Service; null for all Services of the namespace.</param>
    /// <param name="labelSelector">Additional labels that the slices must have, as a label selector; null for none.</param>
    /// <param name="limits">The limits on what the server sends; null for <see cref="WireLimits.Default"/>.</param>
    /// <returns>
    /// The collection, to list and watch; <see cref="KubeObservable.Resume"/> turns it into a stream that never completes.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="namespace"/> or <paramref name="service"/> is not a valid Kubernetes name.
    /// </exception>
    /// <remarks>
    /// A Service consists of all slices in its namespace labelled <c>kubernetes.io/service-name=&lt;service&gt;</c>, whichever controller
    /// manages them (k8s.io/api discovery/v1). Requires permission to list and watch <c>endpointslices.discovery.k8s.io</c>.
    /// </remarks>
    public static IWatchable<EndpointSlice> EndpointSlices(
        this KubeConnection connection, string? @namespace = null, string? service = null, string? labelSelector = null,
        WireLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var ofService = service is null ? null : $"{EndpointSlice.ServiceNameLabel}={KubeNames.Service(service, nameof(service))}";
        return connection.Resources(ResourceKinds.EndpointSlices, new ResourceSelection
        {
            Namespace = @namespace ?? connection.Namespace,
            LabelSelector = string.IsNullOrEmpty(labelSelector) ? ofService
                : ofService is null ? labelSelector
                : $"{ofService},{labelSelector}",
            Service = service,
            Limits = limits ?? WireLimits.Default,
        });
    }

    /// <summary>Gets the legacy Endpoints of a namespace, or of one Service in it: for clusters without EndpointSlices.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="namespace">The namespace; null for the connection's namespace.</param>
    /// <param name="service">The Service; null for all Services of the namespace.</param>
    /// <param name="limits">The limits on what the server sends; null for <see cref="WireLimits.Default"/>.</param>
    /// <returns>
    /// The collection, to list and watch; <see cref="KubeObservable.Resume"/> turns it into a stream that never completes.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="namespace"/> or <paramref name="service"/> is not a valid Kubernetes name.
    /// </exception>
    /// <remarks>
    /// The resource has been deprecated since Kubernetes 1.33, and an object holds no more than 1,000 addresses: prefer
    /// <see cref="EndpointSlices"/>. An object has the name of its Service, so it is selected by <c>metadata.name</c>. Requires
    /// permission to list and watch <c>endpoints</c> (the core group).
    /// </remarks>
    public static IWatchable<LegacyEndpoints> Endpoints(
        this KubeConnection connection, string? @namespace = null, string? service = null, WireLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.Resources(ResourceKinds.Endpoints, new ResourceSelection
        {
            Namespace = @namespace ?? connection.Namespace,
            FieldSelector = service is null ? null : $"metadata.name={KubeNames.Service(service, nameof(service))}",
            Service = service,
            Limits = limits ?? WireLimits.Default,
        });
    }

    /// <summary>Gets the Pods of a namespace.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="namespace">The namespace; null for the connection's namespace.</param>
    /// <param name="labelSelector">Labels the pods must have, such as a Service's <c>spec.selector</c>; null for none.</param>
    /// <param name="limits">The limits on what the server sends; null for <see cref="WireLimits.Default"/>.</param>
    /// <returns>
    /// The collection, to list and watch; <see cref="KubeObservable.Resume"/> turns it into a stream that never completes.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="namespace"/> is not a valid Kubernetes name.</exception>
    /// <remarks>
    /// Requires permission to list and watch <c>pods</c> (the core group) in the namespace, for which a Role is enough. This permission
    /// exposes the whole specification of the pods, including environment variables; RBAC cannot restrict it further.
    /// </remarks>
    public static IWatchable<Pod> Pods(
        this KubeConnection connection, string? @namespace = null, string? labelSelector = null, WireLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.Resources(ResourceKinds.Pods, new ResourceSelection
        {
            Namespace = @namespace ?? connection.Namespace,
            LabelSelector = labelSelector,
            Limits = limits ?? WireLimits.Default,
        });
    }

    /// <summary>Gets the Nodes of the cluster.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="labelSelector">Labels the nodes must have; null for none.</param>
    /// <param name="limits">The limits on what the server sends; null for <see cref="WireLimits.Default"/>.</param>
    /// <returns>
    /// The collection, to list and watch; <see cref="KubeObservable.Resume"/> turns it into a stream that never completes.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    /// <remarks>
    /// Requires permission to list and watch <c>nodes</c> (the core group): nodes are cluster-scoped, so this requires a ClusterRole.
    /// </remarks>
    public static IWatchable<Node> Nodes(this KubeConnection connection, string? labelSelector = null, WireLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.Resources(ResourceKinds.Nodes, new ResourceSelection
        {
            LabelSelector = labelSelector,
            Limits = limits ?? WireLimits.Default,
        });
    }

    /// <summary>Gets the objects of any kind.</summary>
    /// <typeparam name="T">The type that an object is decoded to.</typeparam>
    /// <param name="connection">The connection.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="selection">Selects objects; null for all objects in the cluster.</param>
    /// <returns>
    /// The collection, to list and watch; <see cref="KubeObservable.Resume"/> turns it into a stream that never completes.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> or <paramref name="kind"/> is null.</exception>
    /// <exception cref="ArgumentException">A namespace is given for a cluster-scoped kind.</exception>
    public static IWatchable<T> Resources<T>(this KubeConnection connection, ResourceKind<T> kind, ResourceSelection? selection = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(kind);
        return new KubeWatchable<T>(connection, kind, selection ?? new ResourceSelection());
    }
}
