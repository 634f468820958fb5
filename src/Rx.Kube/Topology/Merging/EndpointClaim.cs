using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Creates the claim of an endpoint: its member, its addresses in one spelling, and the defaults of absent fields. Pure functions.
/// </summary>
internal static class EndpointClaim
{
    private const int HighestPort = 65535;

    /// <summary>Creates the claim of an endpoint; null if the endpoint has no address.</summary>
    /// <param name="object">The name of the object that holds the endpoint.</param>
    /// <param name="addressType">The address family.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="ports">Its ports, from <see cref="PortsOf"/>.</param>
    /// <param name="memberOf">Gives the identity of the endpoint's member; null for the default.</param>
    /// <exception cref="ArgumentException">The given identity is null or empty.</exception>
    public static TopologyEndpoint? Of(
        string @object, string addressType, Endpoint endpoint, EquatableArray<EndpointPort> ports,
        Func<TopologyEndpoint, string>? memberOf = null)
    {
        if (endpoint.Addresses.IsEmpty || endpoint.Addresses[0].Length == 0)
        {
            return null;
        }

        var addresses = Canonical(endpoint.Addresses);
        var target = endpoint.TargetRef;
        var pod = target is { Kind: "Pod", Name.Length: > 0 } ? target.Name : null;
        var hostname = NullIfEmpty(endpoint.Hostname);
        var claim = new TopologyEndpoint
        {
            Member = pod ?? hostname ?? addresses[0],
            Addresses = addresses,
            AddressType = addressType,
            Ports = ports,
            Ready = endpoint.Ready ?? true,
            Serving = endpoint.Serving ?? true,
            Terminating = endpoint.Terminating ?? false,
            Zone = NullIfEmpty(endpoint.Zone),
            Node = NullIfEmpty(endpoint.NodeName),
            Hostname = hostname,
            Pod = pod,
            Uid = NullIfEmpty(target?.Uid),
            ForZones = endpoint.ForZones,
            ForNodes = endpoint.ForNodes,
            Slice = @object,
        };
        return memberOf is null ? claim : claim with { Member = Named(claim, memberOf(claim)) };
    }

    /// <summary>Gets the ports that count, in order: each number and protocol once, and only numbers that can be connected to.</summary>
    public static EquatableArray<EndpointPort> PortsOf(IEnumerable<EndpointPort> ports) =>
        [.. ports.Where(p => p.Port is > 0 and <= HighestPort).Order(EndpointOrder.ByPort).DistinctBy(p => (p.Port, p.Protocol))];

    private static EquatableArray<string> Canonical(EquatableArray<string> addresses)
    {
        foreach (var address in addresses)
        {
            if (!ReferenceEquals(IpText.Canonical(address), address))
            {
                return [.. addresses.Select(IpText.Canonical)];
            }
        }

        return addresses;
    }

    private static string Named(TopologyEndpoint claim, string? member) => !string.IsNullOrEmpty(member)
        ? member
        : throw new ArgumentException(
            $"The identity of the member at {claim.Address} in {claim.Slice} is null or empty. "
            + "To fix: return a name from the function memberOf for every endpoint, such as the default, endpoint.Member.");

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
