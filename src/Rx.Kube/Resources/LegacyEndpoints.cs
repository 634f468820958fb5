using System.Collections.Immutable;

namespace Rx.Kube.Models;

/// <summary>
/// A core <c>v1</c> Endpoints object: the endpoints of the Service of the same name. Immutable; equality is by content.
/// </summary>
/// <remarks>
/// For clusters and code from before EndpointSlices: Kubernetes deprecates the resource since 1.33. One object holds at most 1,000
/// addresses, of one address family, and says nothing of zones, hints and pods that are terminating. Source: k8s.io/api core/v1 types.go.
/// </remarks>
public sealed record LegacyEndpoints : IResource
{
    /// <summary>The object's metadata. Its name is that of the Service.</summary>
    public required ObjectMeta Metadata { get; init; }

    /// <summary>The subsets, in the order of the object; empty when there are none, never default.</summary>
    public ImmutableArray<EndpointSubset> Subsets { get; init; } = [];

    /// <summary>
    /// Whether the server left addresses out because there are more than 1,000: the annotation
    /// <c>endpoints.kubernetes.io/over-capacity</c> is <c>truncated</c>.
    /// </summary>
    public bool IsTruncated { get; init; }

    /// <inheritdoc/>
    public bool Equals(LegacyEndpoints? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Metadata.Equals(other.Metadata) && IsTruncated == other.IsTruncated && Subsets.SequenceEqual(other.Subsets));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Metadata, Subsets.Length);
}

/// <summary>
/// A part of a <see cref="LegacyEndpoints"/>: every address with every port. An address may be ready in one subset, for its ports, and not in another.
/// </summary>
public sealed record EndpointSubset
{
    /// <summary>The addresses that are ready for the ports; never default.</summary>
    public ImmutableArray<EndpointAddress> Addresses { get; init; } = [];

    /// <summary>The addresses that are not ready for the ports; never default.</summary>
    public ImmutableArray<EndpointAddress> NotReadyAddresses { get; init; } = [];

    /// <summary>The ports; empty for a headless Service without ports, never default.</summary>
    public ImmutableArray<EndpointPort> Ports { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(EndpointSubset? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Addresses.SequenceEqual(other.Addresses) && NotReadyAddresses.SequenceEqual(other.NotReadyAddresses) &&
         Ports.SequenceEqual(other.Ports));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Addresses.Length, NotReadyAddresses.Length, Ports.Length);
}

/// <summary>An address of an <see cref="EndpointSubset"/>.</summary>
/// <param name="Ip">The IP address; empty when it is absent, and then it counts for nothing.</param>
/// <param name="Hostname">The host name, set for pods of a StatefulSet; null when absent.</param>
/// <param name="NodeName">The name of the node; null when absent.</param>
/// <param name="TargetRef">The object behind the address, normally a Pod; null when absent.</param>
public sealed record EndpointAddress(string Ip, string? Hostname = null, string? NodeName = null, TargetReference? TargetRef = null);
