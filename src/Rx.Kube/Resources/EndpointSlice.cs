using System.Collections.Immutable;

namespace Rx.Kube.Models;

/// <summary>
/// A <c>discovery.k8s.io/v1</c> EndpointSlice: a part of the endpoints of one Service. Immutable; equality is by content.
/// </summary>
/// <remarks>Source: k8s.io/api discovery/v1 types.go. A Service is the union of all slices labelled with its name.</remarks>
public sealed record EndpointSlice : IResource
{
    /// <summary>The label that names the Service a slice belongs to.</summary>
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    /// <summary>The object's metadata.</summary>
    public required ObjectMeta Metadata { get; init; }

    /// <summary>The one address family of all endpoints of this slice: <c>IPv4</c>, <c>IPv6</c> or the deprecated <c>FQDN</c>.</summary>
    public string AddressType { get; init; } = "";

    /// <summary>The endpoints, in the order of the object; empty when there are none, never default.</summary>
    public ImmutableArray<Endpoint> Endpoints { get; init; } = [];

    /// <summary>The ports, which all endpoints of this slice serve; empty for a headless Service without ports, never default.</summary>
    public ImmutableArray<EndpointPort> Ports { get; init; } = [];

    /// <summary>What the decoder wants to find again at the next decode of this slice.</summary>
    internal DecodedEndpoints? Decoded { get; init; }

    /// <summary>The Service this slice belongs to; empty when the slice has no <see cref="ServiceNameLabel"/>.</summary>
    public string ServiceName => Metadata.Labels.GetValueOrDefault(ServiceNameLabel, "");

    /// <inheritdoc/>
    public bool Equals(EndpointSlice? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Metadata.Equals(other.Metadata) && AddressType == other.AddressType &&
         Endpoints.SequenceEqual(other.Endpoints) && Ports.SequenceEqual(other.Ports));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Metadata, AddressType, Endpoints.Length, Ports.Length);
}
