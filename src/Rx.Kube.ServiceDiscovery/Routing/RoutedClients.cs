using Microsoft.Extensions.DependencyInjection;

namespace Rx.Kube;

/// <summary>The clients with routing, and what their registrations say, in the order of the calls.</summary>
internal sealed class RoutedClients
{
    private readonly List<(string? Name, Action<KubeRouting>? Configure)> _calls = [];

    /// <summary>Gets or sets whether each client with service discovery is routed without a key.</summary>
    public bool HasDiscovery { get; set; }

    /// <summary>Gets the clients of a collection of services, with which they are registered.</summary>
    public static RoutedClients Of(IServiceCollection services)
    {
        if (services.FirstOrDefault(s => s.ServiceType == typeof(RoutedClients))?.ImplementationInstance is RoutedClients clients)
        {
            return clients;
        }

        clients = new RoutedClients();
        services.AddSingleton(clients);
        return clients;
    }

    /// <summary>Adds a call; without a name, as in the defaults of all clients, it is for each of them.</summary>
    public void Add(string? name, Action<KubeRouting>? configure) => _calls.Add((name, configure));

    /// <summary>Gets the routing of a client, which may have service discovery; null if it has none.</summary>
    public KubeRouting? RoutingOf(string? name, bool isDiscovering)
    {
        // The defaults come first, as they do for the handlers of a client.
        var calls = _calls.Where(call => call.Name is null || call.Name == name).OrderBy(call => call.Name is not null).ToList();
        if (calls.Count == 0 && !(HasDiscovery && isDiscovering))
        {
            return null;
        }

        var routing = new KubeRouting();
        calls.ForEach(call => call.Configure?.Invoke(routing));
        return routing;
    }
}
