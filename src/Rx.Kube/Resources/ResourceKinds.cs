using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// The resources for which this library has models. All are decoded straight from the bytes of the answer, in JSON or in protobuf
/// (<see cref="WireFormat"/>).
/// </summary>
public static class ResourceKinds
{
    /// <summary>
    /// Gets <c>discovery.k8s.io/v1</c> EndpointSlices. Within one subscription, endpoints that are unchanged since the slice was last
    /// decoded are the same instances.
    /// </summary>
    public static ResourceKind<EndpointSlice> EndpointSlices { get; } =
        new("discovery.k8s.io", "v1", "endpointslices", () => new EndpointSliceDecoder().Decode)
        {
            DropsManagedFields = true,
            Protobuf = new(ProtobufWireFormat.Instance, () => new ProtobufSliceDecoder().Decode),
        };

    /// <summary>Gets core <c>v1</c> Endpoints, which are deprecated: for clusters without EndpointSlices.</summary>
    public static ResourceKind<LegacyEndpoints> Endpoints { get; } =
        new("", "v1", "endpoints", () => new LegacyEndpointsDecoder().Decode)
        {
            DropsManagedFields = true,
            Protobuf = new(ProtobufWireFormat.Instance, () => new ProtobufEndpointsDecoder().Decode),
        };

    /// <summary>Gets <c>v1</c> Pods.</summary>
    public static ResourceKind<Pod> Pods { get; } =
        new("", "v1", "pods", () => new PodDecoder().Decode)
        {
            DropsManagedFields = true,
            Protobuf = new(ProtobufWireFormat.Instance, () => new ProtobufPodDecoder().Decode),
        };

    /// <summary>Gets <c>v1</c> Nodes.</summary>
    public static ResourceKind<Node> Nodes { get; } =
        new("", "v1", "nodes", () => new NodeDecoder().Decode, namespaced: false)
        {
            DropsManagedFields = true,
            Protobuf = new(ProtobufWireFormat.Instance, () => new ProtobufNodeDecoder().Decode),
        };
}
