namespace Rx.Kube;

/// <summary>Which endpoints a client should use, depending on its node and zone. Source: kube-proxy's topology.go.</summary>
internal static class TrafficRules
{
    /// <summary>Gets the endpoints for a client of a Service without a Local policy.</summary>
    public static EndpointList For(ServiceTopology topology, string? node, string? zone)
    {
        var ready = topology.Ready;
        if (ready.IsEmpty)
        {
            return topology.Routable;
        }

        return HintedFor(node, ready, e => e.ForNodes) ?? HintedFor(zone, ready, e => e.ForZones) ?? ready;
    }

    /// <summary>Gets the endpoints for a client of a Service with a Local policy.</summary>
    public static EndpointList LocalTo(ServiceTopology topology, string node)
    {
        var ready = Where(topology.Endpoints, e => e.Ready && e.Node == node);
        return ready.IsEmpty ? Where(topology.Endpoints, e => e.IsIn(EndpointView.Leaving) && e.Node == node) : ready;
    }

    /// <summary>Gets the endpoints with a hint for a place; null when hints of this kind do not count.</summary>
    private static EndpointList? HintedFor(string? place, EndpointList ready, Func<TopologyEndpoint, EquatableArray<string>> hints)
    {
        if (string.IsNullOrEmpty(place))
        {
            return null;
        }

        // Hints count only when every ready endpoint has one and one of them is for the client. Otherwise a part of the
        // endpoints or of the clients would be left out.
        var isHinted = false;
        foreach (var endpoint in ready)
        {
            if (hints(endpoint).IsEmpty)
            {
                return null;
            }

            isHinted |= hints(endpoint).AsSpan().Contains(place);
        }

        return isHinted ? Where(ready, e => hints(e).AsSpan().Contains(place)) : null;
    }

    private static EndpointList Where(EndpointList endpoints, Func<TopologyEndpoint, bool> predicate) =>
        new(EndpointTree.Of([.. endpoints.Where(predicate)]), EndpointView.All);
}
