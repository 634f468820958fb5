namespace Rx.Kube.Simulator.Storage;

/// <summary>A kind of object that the server stores.</summary>
internal sealed record ResourceType(string Group, string Plural, string Singular, string Kind, bool Namespaced, params string[] Fields)
{
    /// <summary>All served kinds, each as version v1 of its group.</summary>
    internal const string Version = "v1";

    internal static readonly ResourceType[] All =
    [
        new("discovery.k8s.io", "endpointslices", "endpointslice", "EndpointSlice", true, "addressType", "endpoints", "ports"),
        new("", "endpoints", "endpoints", "Endpoints", true, "subsets"),
        new("", "namespaces", "namespace", "Namespace", false, "spec", "status"),
        new("", "nodes", "node", "Node", false, "spec", "status"),
        new("", "pods", "pod", "Pod", true, "spec", "status"),
        new("", "services", "service", "Service", true, "spec", "status"),
    ];

    internal string ApiVersion { get; } = Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The name in error messages: <c>endpointslices.discovery.k8s.io</c>, but <c>pods</c> without a group.</summary>
    internal string Qualified { get; } = Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    internal static ResourceType? Find(string group, string plural) =>
        Array.Find(All, t => t.Group == group && t.Plural == plural);

    /// <summary>Finds a kind by its plural, for the API in the process.</summary>
    internal static ResourceType ByPlural(string plural) =>
        Array.Find(All, t => t.Plural == plural)
        ?? throw new ArgumentException(
            $"'{plural}' is not served; there are {string.Join(", ", All.Select(t => t.Plural))}", nameof(plural));
}
