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
        new("discovery.k8s.io", "v1", "endpointslices", namespaced: true,
            Json<EndpointSlice>(limits => new EndpointSliceDecoder(limits: limits).Decode))
        {
            DropsManagedFields = true,
            Protobuf = new(ProtobufWireFormat.Instance, limits => new ProtobufSliceDecoder(limits: limits).Decode),
        };

    /// <summary>Gets core <c>v1</c> Endpoints, which are deprecated: for clusters without EndpointSlices.</summary>
    public static ResourceKind<LegacyEndpoints> Endpoints { get; } =
        new("", "v1", "endpoints", namespaced: true, Json<LegacyEndpoints>(limits => new LegacyEndpointsDecoder(limits).Decode))
        {
            DropsManagedFields = true,
            Protobuf = new(ProtobufWireFormat.Instance, limits => new ProtobufEndpointsDecoder(limits).Decode),
        };

    /// <summary>Gets <c>v1</c> Pods.</summary>
    public static ResourceKind<Pod> Pods { get; } =
        new("", "v1", "pods", namespaced: true, Json<Pod>(limits => new PodDecoder(limits).Decode))
        {
            DropsManagedFields = true,
            Protobuf = new(ProtobufWireFormat.Instance, limits => new ProtobufPodDecoder(limits).Decode),
        };

    /// <summary>Gets <c>v1</c> Nodes.</summary>
    public static ResourceKind<Node> Nodes { get; } =
        new("", "v1", "nodes", namespaced: false, Json<Node>(limits => new NodeDecoder(limits).Decode))
        {
            DropsManagedFields = true,
            Protobuf = new(ProtobufWireFormat.Instance, limits => new ProtobufNodeDecoder(limits).Decode),
        };

    private static FormatDecoder<T> Json<T>(Func<WireLimits, ObjectDecoder<T>> create) => new(JsonWireFormat.Instance, create);
}
