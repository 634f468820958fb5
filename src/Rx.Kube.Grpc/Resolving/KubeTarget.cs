using Microsoft.Extensions.DependencyInjection;

namespace Rx.Kube;

/// <summary>What an address such as <c>k8s:///cache.prod:grpc</c> means.</summary>
/// <param name="Topology">The topology.</param>
/// <param name="Port">The name or the number of the port; null if the address has none.</param>
internal sealed record KubeTarget(IKubeTopology Topology, string? Port)
{
    /// <summary>The scheme.</summary>
    public const string Scheme = "k8s";

    // Without a port in the address, the port of this name is meant.
    private const string PortScheme = "grpc";

    /// <summary>Gets the name that the pods are asked for: of TLS certificates, and of virtual hosts.</summary>
    public string Authority => $"{Topology.Service.Name}.{Topology.Service.Namespace}.svc";

    /// <exception cref="InvalidOperationException">The address means no registered topology.</exception>
    public static KubeTarget Of(Uri address, IServiceProvider services)
    {
        if (address.Host.Length > 0)
        {
            throw Error(address, $"has two slashes. To fix: write {Scheme}:///SERVICE.NAMESPACE:PORT, with three");
        }

        // The path is /SERVICE:PORT.
        var path = Uri.UnescapeDataString(address.AbsolutePath)[1..];
        var colon = path.IndexOf(':', StringComparison.Ordinal);
        var (name, port) = colon < 0 ? (path, null) : (path[..colon], path[(colon + 1)..]);
        if (name.Length == 0 || port?.Length == 0 || path.Contains('/', StringComparison.Ordinal) || address.Query.Length > 0)
        {
            throw Error(address, $"is not {Scheme}:///SERVICE.NAMESPACE:PORT");
        }

        var topologies = services.GetService<KubeTopologies>();
        return topologies?.Find(name) is { } topology
            ? new(topology, port)
            : throw Error(address, topologies is null
                ? "names a Service, but the application has no topology. To fix: call AddKubeTopology(\"NAME\")"
                : "names a Service that is not registered; registered are " +
                    $"{string.Join(", ", topologies.Select(t => $"{t.Name} ({t.Service})"))}. To fix: call AddKubeTopology for it");
    }

    /// <summary>Gets the port of an endpoint by the rule: the named one, else the one named <c>grpc</c>, else the only one.</summary>
    /// <exception cref="InvalidOperationException">The endpoint has no such port, or several that could be meant.</exception>
    public int PortOf(TopologyEndpoint endpoint) => endpoint.ToUri(PortScheme, Port).Port;

    private static InvalidOperationException Error(Uri address, string what) =>
        new($"The address {Printable.Of(address.OriginalString, 200)} {what}.");
}
