using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace Rx.Kube;

/// <summary>
/// Answers for registered topologies only: every host that a client asks for comes here, and <c>api.github.com</c> could be a Service in
/// the namespace <c>github</c>.
/// </summary>
internal sealed class KubeEndpointProviderFactory(IServiceProvider services, IOptions<ServiceDiscoveryOptions> options)
    : IServiceEndpointProviderFactory, IDisposable
{
    private readonly ConcurrentDictionary<IKubeTopology, Lazy<TopologyChanges>> _changes = new();

    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        var topologies = services.GetService<KubeTopologies>();
        provider = topologies is not null && KubeAddress.Of(query, topologies, options.Value) is { } address
            ? new KubeEndpointProvider(
                address, _changes.GetOrAdd(address.Topology, topology => new(() => new(topology))).Value,
                services.GetRequiredService<KubePodOptions>())
            : null;
        return provider is not null;
    }

    public void Dispose()
    {
        foreach (var changes in _changes.Values)
        {
            changes.Value.Dispose();
        }
    }
}
