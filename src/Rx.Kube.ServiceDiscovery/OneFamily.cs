namespace Rx.Kube;

/// <summary>
/// A pod of a dual-stack Service has an endpoint for each address family: the client uses one of them, IPv4 if there is one, as not every
/// node has routes for IPv6.
/// </summary>
internal static class OneFamily
{
    public static IEnumerable<TopologyEndpoint> Of(IEnumerable<TopologyEndpoint> endpoints)
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
