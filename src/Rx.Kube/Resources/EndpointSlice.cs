namespace Rx.Kube.Models;

/// <summary>
/// A <c>discovery.k8s.io/v1</c> EndpointSlice: a part of the endpoints of one Service. Immutable; equality is by content.
/// </summary>
/// <remarks>Source: k8s.io/api discovery/v1 types.go. A Service is the union of all slices labelled with its name.</remarks>
public sealed record EndpointSlice : IResource
{
    /// <summary>The label that names the Service of a slice.</summary>
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    /// <summary>Gets the object's metadata.</summary>
    public required ObjectMeta Metadata { get; init; }

    /// <summary>
    /// Gets the address family of all endpoints in this slice: <c>IPv4</c>, <c>IPv6</c> or the deprecated <c>FQDN</c>.
    /// </summary>
    public string AddressType { get; init; } = "";

    /// <summary>Gets the endpoints, in the server's order.</summary>
    public SliceEndpoints Endpoints { get; init; } = SliceEndpoints.Empty;

    /// <summary>Gets the ports that all endpoints of this slice serve; empty for a headless Service without ports.</summary>
    public EquatableArray<EndpointPort> Ports { get; init; }

    /// <summary>Gets the name of the Service of this slice; empty when the slice has no <see cref="ServiceNameLabel"/>.</summary>
    public string ServiceName => Metadata.Labels.GetValueOrDefault(ServiceNameLabel, "");
}
