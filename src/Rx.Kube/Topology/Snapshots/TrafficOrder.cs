namespace Rx.Kube;

/// <summary>
/// The endpoints of a snapshot for the traffic of a client that has no key, in two groups: those that <see cref="ServiceTopology.For"/>
/// gives for its node and zone, and those for when none of these can be reached. All integrations use this one order.
/// </summary>
/// <remarks>
/// A pod of a dual-stack Service has an endpoint for each address family. It gets one share of the traffic, so one of its endpoints is
/// used: IPv4 if it has both, as not every node has routes for IPv6.
/// </remarks>
internal sealed class TrafficOrder
{
    private TrafficOrder(ServiceTopology snapshot, TopologyEndpoint[] near, TopologyEndpoint[] far) =>
        (Snapshot, Near, Far) = (snapshot, near, far);

    public ServiceTopology Snapshot { get; }

    /// <summary>Gets the endpoints that the client should use.</summary>
    public TopologyEndpoint[] Near { get; }

    /// <summary>Gets the other endpoints that may receive traffic.</summary>
    public TopologyEndpoint[] Far { get; }

    public int Count => Near.Length + Far.Length;

    public static TrafficOrder Of(ServiceTopology snapshot, string? node, string? zone)
    {
        TopologyEndpoint[] near = [.. OneFamily(snapshot.For(node, zone))];
        TopologyEndpoint[] all = [.. OneFamily(snapshot.Routable)];
        return new(snapshot, near, near.Length == all.Length ? [] : [.. all.Except(near)]);
    }

    private static IEnumerable<TopologyEndpoint> OneFamily(IEnumerable<TopologyEndpoint> endpoints)
    {
        // The order is by member, then by address family, of which IPv4 is before IPv6.
        TopologyEndpoint? first = null;
        foreach (var endpoint in endpoints)
        {
            first = first?.Member == endpoint.Member ? first : endpoint;
            if (endpoint.AddressType == first.AddressType)
            {
                yield return endpoint;
            }
        }
    }
}
