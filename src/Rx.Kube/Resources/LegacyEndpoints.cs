namespace Rx.Kube.Models;

/// <summary>
/// A core <c>v1</c> Endpoints object: the endpoints of the Service of the same name. Immutable; equality is by content.
/// </summary>
/// <remarks>
/// For clusters and code that predate EndpointSlices: the resource has been deprecated since Kubernetes 1.33. One object holds at most
/// 1,000 addresses, of one address family, and has no zones, no hints and no terminating pods. Source: k8s.io/api core/v1 types.go.
/// </remarks>
public sealed record LegacyEndpoints : IResource
{
    /// <summary>Gets the object's metadata. Its name is the name of the Service.</summary>
    public required ObjectMeta Metadata { get; init; }

    /// <summary>Gets the subsets, in the server's order.</summary>
    public EquatableArray<EndpointSubset> Subsets { get; init; }

    /// <summary>
    /// Gets whether the server omitted addresses because there are more than 1,000: the annotation
    /// <c>endpoints.kubernetes.io/over-capacity</c> is <c>truncated</c>.
    /// </summary>
    public bool IsTruncated { get; init; }
}

/// <summary>
/// A part of a <see cref="LegacyEndpoints"/>: every address with every port. An address may be ready in one subset, for its ports, and not
/// ready in another.
/// </summary>
public sealed record EndpointSubset
{
    /// <summary>Gets the addresses that are ready for the ports.</summary>
    public EquatableArray<EndpointAddress> Addresses { get; init; }

    /// <summary>Gets the addresses that are not ready for the ports.</summary>
    public EquatableArray<EndpointAddress> NotReadyAddresses { get; init; }

    /// <summary>Gets the ports; empty for a headless Service without ports.</summary>
    public EquatableArray<EndpointPort> Ports { get; init; }
}

/// <summary>An address of an <see cref="EndpointSubset"/>.</summary>
/// <param name="Ip">The IP address; an address whose IP is absent (empty) is ignored.</param>
/// <param name="Hostname">The host name, set for the pods of a StatefulSet; null when absent.</param>
/// <param name="NodeName">The name of the node; null when absent.</param>
/// <param name="TargetRef">The object behind the address, normally a Pod; null when absent.</param>
public sealed record EndpointAddress(string Ip, string? Hostname = null, string? NodeName = null, TargetReference? TargetRef = null);
