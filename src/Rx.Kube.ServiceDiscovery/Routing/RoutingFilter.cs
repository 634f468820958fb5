using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace Rx.Kube;

/// <summary>
/// Puts the handlers of routing into a client when all others are there, so that the order of the calls does not matter: the counter of the
/// attempts outside of everything that repeats or copies a request, and the choice of the endpoint inside.
/// </summary>
internal sealed class RoutingFilter(IServiceProvider services, RoutedClients clients) : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        // The handler of service discovery is internal.
        var discovery = builder.AdditionalHandlers
            .Where(handler => handler.GetType().Assembly == typeof(ServiceEndpointResolver).Assembly).ToList();
        if (clients.RoutingOf(builder.Name, discovery.Count > 0) is { } routing && services.GetService<KubeTopologies>() is { } topologies)
        {
            Add(builder.AdditionalHandlers, discovery, routing, topologies);
        }
    };

    private void Add(IList<DelegatingHandler> handlers, List<DelegatingHandler> discovery, KubeRouting routing, KubeTopologies topologies)
    {
        // It may stand outside of a hedge, and it would make a resolver for each address that is chosen.
        discovery.ForEach(handler => handlers.Remove(handler));
        var router = new KubeRouter(
            routing, topologies, services.GetRequiredService<TopologyTurns>(),
            services.GetRequiredService<IOptions<ServiceDiscoveryOptions>>().Value);
        handlers.Insert(0, new AttemptsHandler());
        handlers.Add(new KubeRoutingHandler(router, routing.ConnectCount, discovery.FirstOrDefault()));
    }
}
