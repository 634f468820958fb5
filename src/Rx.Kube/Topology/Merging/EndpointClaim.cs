using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Creates the claim of an endpoint: its member, its addresses in one spelling, and the defaults of absent fields. Pure functions.
/// </summary>
internal static class EndpointClaim
{
    private const int HighestPort = 65535;

    /// <summary>Creates the claim of an endpoint; null if the endpoint has no address.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="context">What it shares with the other endpoints of its object; its ports are from <see cref="PortsOf"/>.</param>
    /// <param name="memberOf">Gives the identity of the endpoint's member; null for the default.</param>
    /// <exception cref="ArgumentException">The given identity is null or empty.</exception>
    public static TopologyEndpoint? Of(Endpoint endpoint, ClaimContext context, Func<TopologyEndpoint, string>? memberOf = null)
    {
        if (!endpoint.HasCanonicalAddress && string.IsNullOrEmpty(endpoint.FirstAddress))
        {
            return null;
        }

        var claim = new TopologyEndpoint(endpoint, context);
        if (!endpoint.HasCanonicalAddress)
        {
            var (given, addresses) = (endpoint.Addresses, Canonical(endpoint.Addresses));
            claim = given.AsSpan() == addresses.AsSpan()
                ? claim
                : claim with { Member = claim.Pod ?? claim.Hostname ?? addresses[0], Addresses = addresses };
        }

        return memberOf is null ? claim : claim.Named(Named(claim, memberOf(claim)));
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
}
