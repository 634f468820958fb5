using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>What an EndpointSlice claims: each endpoint its address, with the ports of the slice.</summary>
internal static class SliceClaims
{
    /// <summary>Finds what a slice claims now, and the difference from before. Has no side effects.</summary>
    /// <param name="before">The slice before; null if it is new.</param>
    /// <param name="slice">The slice now.</param>
    /// <param name="memberOf">Gives the identity of an endpoint's member; null for the default.</param>
    public static (ObjectClaims<EndpointSlice> Now, ClaimDiff Diff) Next(
        ObjectClaims<EndpointSlice>? before, EndpointSlice slice, Func<TopologyEndpoint, string>? memberOf = null)
    {
        // A claim contains the address family and the ports, too: when these change, no claim stays.
        var keeps = before is not null && before.Object.AddressType == slice.AddressType &&
            before.Object.Ports.AsSpan().SequenceEqual(slice.Ports.AsSpan());
        var context = keeps
            ? before!.Context!
            : new ClaimContext(slice.Metadata.Name, slice.AddressType, new(EndpointClaim.PortsOf(slice.Ports)));
        var diff = ClaimDiff.Between(
            before?.Claims, keeps ? Items(before!.Object) : [], Items(slice), (Context: context, MemberOf: memberOf),
            static (endpoint, its) => EndpointClaim.Of(endpoint, its.Context, its.MemberOf));
        return (new(slice, context, diff.Now), diff);
    }

    private static ReadOnlySpan<Endpoint> Items(EndpointSlice slice) => slice.Endpoints.AsSpan();
}
