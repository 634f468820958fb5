namespace Rx.Kube.Simulator.Storage;

/// <summary>A kind of object that the server stores.</summary>
internal sealed record ResourceType(string Group, string Plural, string Singular, string Kind, bool Namespaced, params string[] Fields)
{
    /// <summary>The version of all built-in kinds.</summary>
    internal const string Version = "v1";

    internal static readonly ResourceType[] BuiltIn =
    [
        new("discovery.k8s.io", "endpointslices", "endpointslice", "EndpointSlice", true, "addressType", "endpoints", "ports"),
        new("", "endpoints", "endpoints", "Endpoints", true, "subsets"),
        new("", "namespaces", "namespace", "Namespace", false, "spec", "status"),
        new("", "nodes", "node", "Node", false, "spec", "status"),
        new("", "pods", "pod", "Pod", true, "spec", "status"),
        new("", "services", "service", "Service", true, "spec", "status"),
    ];

    /// <summary>The version in which the kind is served.</summary>
    internal string ServedVersion { get; init; } = Version;

    /// <summary>Whether the kind was declared by the user: all its fields are kept.</summary>
    internal bool IsCustom { get; init; }

    internal string ApiVersion => Group.Length == 0 ? ServedVersion : $"{Group}/{ServedVersion}";

    /// <summary>The name in error messages: <c>endpointslices.discovery.k8s.io</c>, but <c>pods</c> without a group.</summary>
    internal string Qualified { get; } = Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
