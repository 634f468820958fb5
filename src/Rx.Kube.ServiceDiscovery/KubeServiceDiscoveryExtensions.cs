using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.ServiceDiscovery;

namespace Rx.Kube;

/// <summary>
/// Adds the registered topologies to service discovery, and routing by key to HTTP clients. See
/// <see cref="KubeHostingExtensions.AddKubeTopology(IServiceCollection, string, Action{KubeTopologyOptions}?)"/> for the registration.
/// </summary>
public static class KubeServiceDiscoveryExtensions
{
    /// <summary>
    /// Resolves the names of registered topologies from their watch: <c>http://cache</c>, <c>http://cache.prod</c>,
    /// <c>http://cache:9090</c>, <c>https+http://_http.cache</c>. All other names are left to the other providers.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// <para>The provider comes before those that are registered so far, the configuration among them, and before those that are
    /// registered later: a topology is registered for one Service, while Aspire writes the configuration for all.</para>
    /// <para>The endpoints are those of <see cref="ServiceTopology.For"/> for the node and the zone of <see cref="KubePodOptions"/>. They
    /// change with the watch and stay while the API server is away. Without an endpoint that can be used, and until the first complete
    /// list, for which a request waits at most 5 s, the request fails with an <see cref="HttpRequestException"/> that has the cause, and
    /// DNS is not asked.</para>
    /// <para>Each client with service discovery also gets <see cref="AddKubeRouting"/> without a key, so that a pod that is dead while the
    /// API server still lists it costs no attempt. Otherwise, the circuit breaker of the standard resilience handler would refuse the
    /// requests to all pods.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddKubeServiceDiscovery(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddServiceDiscoveryCore();
        if (!services.Any(service => service.ImplementationType == typeof(KubeEndpointProviderFactory)))
        {
            var first = services.FirstOrDefault(service => service.ServiceType == typeof(IServiceEndpointProviderFactory));
            services.Insert(
                first is null ? services.Count : services.IndexOf(first),
                ServiceDescriptor.Singleton<IServiceEndpointProviderFactory, KubeEndpointProviderFactory>());
        }

        AddRouting(services).HasDiscovery = true;
        return services;
    }

    /// <summary>
    /// Sends each request for a registered topology to the owner of its key, and each further attempt to the next replica; without a key,
    /// to the endpoints in turn, those near this pod first. Requests for other hosts are not changed.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Says what the key is, and how many replicas it has; null for no key.</param>
    /// <returns>The client.</returns>
    /// <remarks>
    /// <para>The order of the calls does not matter: the handler is inside every other handler of the client, so each attempt of a retry or
    /// a hedge chooses again, and service discovery does not resolve what is routed. Several calls for one client add up.</para>
    /// <para>If no connection can be made, nothing was sent, and the same attempt goes on to the next replica
    /// (<see cref="KubeRouting.Connects"/>). A retry is what the application configures. When no replica can be used, the request fails
    /// with an <see cref="HttpRequestException"/> that has the members and the reasons.</para>
    /// <para>The header <c>Host</c> and the name in the TLS handshake are the host name of the request.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHttpClientBuilder AddKubeRouting(this IHttpClientBuilder builder, Action<KubeRouting>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        AddRouting(builder.Services).Add(builder.Name, configure);
        return builder;
    }

    private static RoutedClients AddRouting(IServiceCollection services)
    {
        // The filters of the factory come first: its log has the addresses that are chosen.
        services.AddHttpClient();
        services.TryAddSingleton<TopologyTurns>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, RoutingFilter>());
        return RoutedClients.Of(services);
    }
}
