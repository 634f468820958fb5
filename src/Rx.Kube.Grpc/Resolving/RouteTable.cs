using System.Globalization;
using System.Net;
using Grpc.Net.Client.Balancer;

namespace Rx.Kube;

/// <summary>An endpoint that may get calls.</summary>
/// <param name="Member">The member.</param>
/// <param name="EndPoint">The address and the port.</param>
/// <param name="IsDraining">Whether the member is leaving.</param>
/// <param name="Uid">The uid of the pod; null when unknown.</param>
internal sealed record Route(string Member, DnsEndPoint EndPoint, bool IsDraining, string? Uid);

/// <summary>
/// The endpoints of a snapshot and its ring, as one value: so that a picker never mixes two snapshots. A channel passes no attributes of a
/// result to the balancer, so each address carries it.
/// </summary>
internal sealed class RouteTable
{
    /// <summary>The attribute of an address that has the table.</summary>
    public static readonly BalancerAttributesKey<RouteTable> Key = new("Rx.Kube.RouteTable");

    // The name that Grpc.Net.Client reads, for the Host header and TLS; its own key is internal.
    private static readonly BalancerAttributesKey<string> _hostOverride = new("HostOverride");

    private RouteTable(string authority, RingView? ring, Route[] all, Route[] near, Route[] far, string? fault) =>
        (Authority, Ring, All, Near, Far, Fault) = (authority, ring, all, near, far, fault);

    /// <summary>Gets the name that the pods are asked for.</summary>
    public string Authority { get; }

    /// <summary>Gets the ring; null if there is none.</summary>
    public RingView? Ring { get; }

    /// <summary>Gets all endpoints that may get calls.</summary>
    public IReadOnlyList<Route> All { get; }

    /// <summary>Gets the endpoints for calls without a key: those that traffic from this pod should use.</summary>
    public IReadOnlyList<Route> Near { get; }

    /// <summary>Gets the endpoints for calls without a key when none of the near ones can be reached.</summary>
    public IReadOnlyList<Route> Far { get; }

    /// <summary>Gets why there is no endpoint; null if there is one.</summary>
    public string? Fault { get; }

    public static RouteTable Of(ServiceTopology snapshot, RingView? ring, KubeTarget target, KubePodOptions pod)
    {
        string? fault = null;
        var all = new Dictionary<TopologyEndpoint, Route>(ReferenceEqualityComparer.Instance);
        foreach (var endpoint in snapshot.Endpoints.Where(e => e.Ready || (e.Serving && e.Terminating)))
        {
            try
            {
                all[endpoint] = new(endpoint.Member, new(endpoint.Address, target.PortOf(endpoint)), endpoint.Terminating, endpoint.Uid);
            }
            catch (InvalidOperationException e)
            {
                fault ??= e.Message;
            }
        }

        fault ??= $"No endpoint of {target.Topology.Service} can be used: {snapshot.Presence switch
        {
            ServicePresence.NoSlices => "the Service has no EndpointSlice, so it may not exist or have no selector",
            ServicePresence.NoEndpoints => "it has no endpoints",
            _ => $"none of its {snapshot.Endpoints.Count.ToString(CultureInfo.InvariantCulture)} endpoints is ready",
        }} ({snapshot.Freshness}, version {Printable.Of(snapshot.Version, 40)}).";
        var order = TrafficOrder.Of(snapshot, pod.Node, pod.Zone);
        return new(target.Authority, ring, [.. all.Values], RoutesOf(order.Near), RoutesOf(order.Far), all.Count > 0 ? null : fault);

        Route[] RoutesOf(IEnumerable<TopologyEndpoint> endpoints) => [.. endpoints.Where(all.ContainsKey).Select(e => all[e])];
    }

    /// <summary>Gets the addresses for a policy of gRPC, and for ours, which reads the table.</summary>
    public BalancerAddress[] Addresses() => [.. (Near.Count > 0 ? Near : All).Select(route =>
    {
        var address = AddressOf(route, Authority);
        address.Attributes.Set(Key, this);
        return address;
    })];

    /// <summary>Gets the address of a route.</summary>
    public static BalancerAddress AddressOf(Route route, string authority)
    {
        var address = new BalancerAddress(route.EndPoint);
        address.Attributes.Set(_hostOverride, authority);
        return address;
    }

    /// <summary>Any two tables are equal: a policy of gRPC would reconnect to an address whose attributes have changed.</summary>
    public override bool Equals(object? obj) => obj is RouteTable;

    public override int GetHashCode() => 0;
}
