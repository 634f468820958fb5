using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>Which endpoints a client should use from where it is. Source: kube-proxy's topology.go.</summary>
internal static class TrafficRules
{
    /// <summary>The endpoints of a Service without a Local policy.</summary>
    public static EndpointList For(ServiceTopology topology, string? node, string? zone)
    {
        var ready = topology.Ready;
        if (ready.IsEmpty)
        {
            return topology.Routable;
        }

        return Meant(ready, e => e.ForNodes, node) ?? Meant(ready, e => e.ForZones, zone) ?? ready;
    }

    /// <summary>The endpoints of a Service with a Local policy.</summary>
    public static EndpointList LocalTo(ServiceTopology topology, string node)
    {
        var ready = Where(topology.Endpoints, e => e.Ready && e.Node == node);
        return ready.IsEmpty ? Where(topology.Endpoints, e => e.IsIn(EndpointView.Leaving) && e.Node == node) : ready;
    }

    /// <summary>The endpoints with a hint for a place; null when hints of this kind do not count.</summary>
    private static EndpointList? Meant(EndpointList ready, Func<TopologyEndpoint, ImmutableArray<string>> hints, string? place)
    {
        if (string.IsNullOrEmpty(place))
        {
            return null;
        }

        // One endpoint without a hint, or none for the client, and there would be no telling who serves whom.
        var some = false;
        foreach (var endpoint in ready)
        {
            if (hints(endpoint).IsEmpty)
            {
                return null;
            }

            some |= hints(endpoint).Contains(place);
        }

        return some ? Where(ready, e => hints(e).Contains(place)) : null;
    }

    private static EndpointList Where(EndpointList endpoints, Func<TopologyEndpoint, bool> predicate) =>
        new(EndpointTree.Of([.. endpoints.Where(predicate)]), EndpointView.All);
}
