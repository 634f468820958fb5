using System.Text.Json.Serialization;

namespace Rx.Kube.Cli.Objects;

/// <summary>The kinds of objects that the tool reads beside EndpointSlices, with more fields than a topology needs.</summary>
internal static class ObjectKinds
{
    /// <summary>Gets <c>v1</c> Services.</summary>
    public static ResourceKind<ServiceObject> Services { get; } = new("", "v1", "services", ObjectJson.Default.ServiceObject);

    /// <summary>Gets <c>v1</c> Pods.</summary>
    public static ResourceKind<PodObject> Pods { get; } = new("", "v1", "pods", ObjectJson.Default.PodObject);

    /// <summary>Gets <c>v1</c> Namespaces: only their names are read.</summary>
    public static ResourceKind<NodeObject> Namespaces { get; } =
        new("", "v1", "namespaces", ObjectJson.Default.NodeObject, namespaced: false);

    /// <summary>Gets <c>v1</c> Nodes.</summary>
    public static ResourceKind<NodeObject> Nodes { get; } = new("", "v1", "nodes", ObjectJson.Default.NodeObject, namespaced: false);
}

/// <summary>The JSON contracts of the objects.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServiceObject))]
[JsonSerializable(typeof(PodObject))]
[JsonSerializable(typeof(NodeObject))]
internal sealed partial class ObjectJson : JsonSerializerContext;
