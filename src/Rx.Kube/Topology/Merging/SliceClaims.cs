using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>What an EndpointSlice claims: each endpoint its address, with the ports of the slice.</summary>
internal static class SliceClaims
{
    /// <summary>
    /// Finds how what a slice claims differs from before. Endpoints that are equal at the head and at the tail keep their claims, as the
    /// same objects. Has no side effects.
    /// </summary>
    /// <param name="before">The slice before, with its claims.</param>
    /// <param name="slice">The slice now.</param>
    /// <param name="memberOf">Gives the identity of an endpoint's member; null for the default.</param>
    public static ClaimDiff Next(
        ObjectClaims<EndpointSlice> before, EndpointSlice slice, Func<TopologyEndpoint, string>? memberOf = null)
    {
        // A claim contains the address family and the ports, too: when these change, no claim stays.
        var keeps = before.Object is { } old && old.AddressType == slice.AddressType && old.Ports.Equals(slice.Ports);
        var context = keeps
            ? before.Context!
            : new ClaimContext(slice.Metadata.Name, slice.AddressType, new(EndpointClaim.PortsOf(slice.Ports)));
        var (claimed, now) = (keeps ? before.Object!.Endpoints : SliceEndpoints.Empty, slice.Endpoints);
        var head = now.EqualAtHead(claimed);
        var tail = now.EqualAtTail(claimed, Math.Min(now.Count, claimed.Count) - head);
        var added = new TopologyEndpoint?[now.Count - tail - head];
        for (var i = 0; i < added.Length; i++)
        {
            added[i] = EndpointClaim.Of(now[head + i], context, memberOf);
        }

        return new(context, head, before.Claims.Length - tail - head, added);
    }
}
