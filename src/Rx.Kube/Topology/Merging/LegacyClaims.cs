using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>What an Endpoints object claims: each address of a subset, with the ports of that subset.</summary>
internal static class LegacyClaims
{
    /// <summary>
    /// Finds how what an Endpoints object claims differs from before. Claims that are equal at the head and at the tail stay, as the same
    /// objects. Has no side effects.
    /// </summary>
    /// <param name="before">The object before, with its claims.</param>
    /// <param name="endpoints">The object now.</param>
    /// <param name="memberOf">Gives the identity of an endpoint's member; null for the default.</param>
    public static ClaimDiff Next(
        ObjectClaims<LegacyEndpoints> before, LegacyEndpoints endpoints, Func<TopologyEndpoint, string>? memberOf = null)
    {
        // An address means nothing without its subset, so the claims themselves are compared.
        TopologyEndpoint?[] now = [.. ClaimsOf(endpoints, memberOf)];
        var claimed = before.Claims;
        var head = claimed.CommonPrefixLength(now);
        var (oldRest, rest) = (claimed.Length - head, now.Length - head);
        var tail = 0;
        while (tail < oldRest && tail < rest && Equals(claimed[^(tail + 1)], now[^(tail + 1)]))
        {
            tail++;
        }

        return new(null, head, oldRest - tail, now[head..^tail]);
    }

    private static IEnumerable<TopologyEndpoint?> ClaimsOf(LegacyEndpoints endpoints, Func<TopologyEndpoint, string>? memberOf)
    {
        foreach (var subset in endpoints.Subsets)
        {
            var ports = new PortSet(EndpointClaim.PortsOf(subset.Ports));
            var v4 = new ClaimContext(endpoints.Metadata.Name, "IPv4", ports);
            var v6 = v4 with { AddressType = "IPv6" };
            foreach (var address in subset.Addresses)
            {
                yield return ClaimOf(address, isReady: true, address.Ip.Contains(':') ? v6 : v4, memberOf);
            }

            foreach (var address in subset.NotReadyAddresses)
            {
                yield return ClaimOf(address, isReady: false, address.Ip.Contains(':') ? v6 : v4, memberOf);
            }
        }
    }

    // A terminating pod is in no subset, unless the Service publishes it as ready. So an address that is not ready does not serve either.
    private static TopologyEndpoint? ClaimOf(
        EndpointAddress address, bool isReady, ClaimContext context, Func<TopologyEndpoint, string>? memberOf) =>
        EndpointClaim.Of(
            new Endpoint
            {
                Addresses = [address.Ip],
                Ready = isReady,
                Serving = isReady,
                Hostname = address.Hostname,
                NodeName = address.NodeName,
                TargetRef = address.TargetRef,
            },
            context,
            memberOf);
}
