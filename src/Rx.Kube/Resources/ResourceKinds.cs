using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>The resources this library brings models for.</summary>
public static class ResourceKinds
{
    /// <summary>
    /// <c>discovery.k8s.io/v1</c> EndpointSlices, decoded straight from UTF-8. Safe on any thread and meant to be shared:
    /// endpoints that did not change since the last decode of the same slice are the same objects again.
    /// </summary>
    public static ResourceKind<EndpointSlice> EndpointSlices { get; } =
        new("discovery.k8s.io", "v1", "endpointslices", new EndpointSliceDecoder().Decode);

    /// <summary>
    /// Core <c>v1</c> Endpoints, which Kubernetes deprecates: for clusters without EndpointSlices. Decoded straight from UTF-8. Safe on any
    /// thread and meant to be shared.
    /// </summary>
    public static ResourceKind<LegacyEndpoints> Endpoints { get; } = new("", "v1", "endpoints", new LegacyEndpointsDecoder().Decode);

    /// <summary><c>v1</c> Pods, decoded straight from UTF-8. Safe on any thread and meant to be shared.</summary>
    public static ResourceKind<Pod> Pods { get; } = new("", "v1", "pods", new PodDecoder().Decode);

    /// <summary><c>v1</c> Nodes, decoded straight from UTF-8. Safe on any thread and meant to be shared.</summary>
    public static ResourceKind<Node> Nodes { get; } = new("", "v1", "nodes", new NodeDecoder().Decode, namespaced: false);
}
