using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>The resources for which this library has models. All are decoded straight from UTF-8.</summary>
public static class ResourceKinds
{
    /// <summary>
    /// Gets <c>discovery.k8s.io/v1</c> EndpointSlices. Within one subscription, endpoints that are unchanged since the slice was last
    /// decoded are the same instances.
    /// </summary>
    public static ResourceKind<EndpointSlice> EndpointSlices { get; } =
        new("discovery.k8s.io", "v1", "endpointslices", () => new EndpointSliceDecoder().Decode);

    /// <summary>Gets core <c>v1</c> Endpoints, which are deprecated: for clusters without EndpointSlices.</summary>
    public static ResourceKind<LegacyEndpoints> Endpoints { get; } = new("", "v1", "endpoints", () => new LegacyEndpointsDecoder().Decode);

    /// <summary>Gets <c>v1</c> Pods.</summary>
    public static ResourceKind<Pod> Pods { get; } = new("", "v1", "pods", () => new PodDecoder().Decode);

    /// <summary>Gets <c>v1</c> Nodes.</summary>
    public static ResourceKind<Node> Nodes { get; } = new("", "v1", "nodes", () => new NodeDecoder().Decode, namespaced: false);
}
