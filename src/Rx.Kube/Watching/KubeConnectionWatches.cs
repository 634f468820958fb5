using Rx.Kube.Models;


namespace Rx.Kube;

/// <summary>What can be watched over a connection. Nothing is sent before somebody subscribes.</summary>
public static class KubeConnectionWatches
{
    /// <summary>The EndpointSlices of a namespace, or of one Service in it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="namespace">The namespace; null for the connection's own.</param>
    /// <param name="service">The Service; null for all of the namespace.</param>
    /// <param name="labelSelector">Further labels the slices must have; null for none.</param>
    /// <returns>What can be listed and watched; <see cref="KubeObservable.Resume"/> keeps it going.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="namespace"/> or <paramref name="service"/> is not a name Kubernetes knows.</exception>
    /// <remarks>
    /// A Service is all slices of its namespace labelled <c>kubernetes.io/service-name=&lt;service&gt;</c>, whoever manages them
    /// (k8s.io/api discovery/v1). The permission needed is list and watch of <c>endpointslices.discovery.k8s.io</c>.
    /// </remarks>
    public static IWatchable<EndpointSlice> EndpointSlices(
        this KubeConnection connection, string? @namespace = null, string? service = null, string? labelSelector = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var ofService = service is null ? null : $"{EndpointSlice.ServiceNameLabel}={CheckedServiceName(service)}";
        return connection.Resources(ResourceKinds.EndpointSlices, new ResourceSelection
        {
            Namespace = @namespace ?? connection.Namespace,
            LabelSelector = string.IsNullOrEmpty(labelSelector) ? ofService : ofService is null ? labelSelector : $"{ofService},{labelSelector}",
        });
    }

    /// <summary>The legacy Endpoints of a namespace, or of one Service in it: for clusters without EndpointSlices.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="namespace">The namespace; null for the connection's own.</param>
    /// <param name="service">The Service; null for all of the namespace.</param>
    /// <returns>What can be listed and watched; <see cref="KubeObservable.Resume"/> keeps it going.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="namespace"/> or <paramref name="service"/> is not a name Kubernetes knows.</exception>
    /// <remarks>
    /// Kubernetes deprecates the resource since 1.33, and an object holds no more than 1,000 addresses: prefer
    /// <see cref="EndpointSlices"/>. The Service of an object is that of the same name, so it is selected by <c>metadata.name</c>. The
    /// permission needed is list and watch of <c>endpoints</c> (the core group).
    /// </remarks>
    public static IWatchable<LegacyEndpoints> Endpoints(this KubeConnection connection, string? @namespace = null, string? service = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.Resources(ResourceKinds.Endpoints, new ResourceSelection
        {
            Namespace = @namespace ?? connection.Namespace,
            FieldSelector = service is null ? null : $"metadata.name={CheckedServiceName(service)}",
        });
    }

    /// <summary>The Pods of a namespace.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="namespace">The namespace; null for the connection's own.</param>
    /// <param name="labelSelector">Labels the pods must have, such as a Service's <c>spec.selector</c>; null for none.</param>
    /// <returns>What can be listed and watched; <see cref="KubeObservable.Resume"/> keeps it going.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="namespace"/> is not a name Kubernetes knows.</exception>
    /// <remarks>
    /// The permission needed is list and watch of <c>pods</c> (the core group) in the namespace: a Role. Who may read pods reads their whole
    /// specification, environment variables included; RBAC can not grant less.
    /// </remarks>
    public static IWatchable<Pod> Pods(this KubeConnection connection, string? @namespace = null, string? labelSelector = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.Resources(
            ResourceKinds.Pods, new ResourceSelection { Namespace = @namespace ?? connection.Namespace, LabelSelector = labelSelector });
    }

    /// <summary>The Nodes of the cluster.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="labelSelector">Labels the nodes must have; null for none.</param>
    /// <returns>What can be listed and watched; <see cref="KubeObservable.Resume"/> keeps it going.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    /// <remarks>The permission needed is list and watch of <c>nodes</c> (the core group): nodes have no namespace, so it takes a ClusterRole.</remarks>
    public static IWatchable<Node> Nodes(this KubeConnection connection, string? labelSelector = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.Resources(ResourceKinds.Nodes, new ResourceSelection { LabelSelector = labelSelector });
    }

    /// <summary>The objects of any kind.</summary>
    /// <typeparam name="T">What an object is decoded to.</typeparam>
    /// <param name="connection">The connection.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="selection">Which objects; null for all of the cluster.</param>
    /// <returns>What can be listed and watched; <see cref="KubeObservable.Resume"/> keeps it going.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> or <paramref name="kind"/> is null.</exception>
    /// <exception cref="ArgumentException">A namespace is given for a cluster-scoped kind.</exception>
    public static IWatchable<T> Resources<T>(this KubeConnection connection, ResourceKind<T> kind, ResourceSelection? selection = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(kind);
        return new KubeWatchable<T>(connection, kind, selection ?? new ResourceSelection());
    }

    private static string CheckedServiceName(string service) =>
        service.Length is > 0 and <= 63 && char.IsAsciiLetterOrDigit(service[0]) && char.IsAsciiLetterOrDigit(service[^1]) &&
        service.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? service
            : throw new ArgumentException("a Service's name is 1 to 63 of a-z, 0-9 and -, and starts and ends with a letter or a digit", nameof(service));
}
