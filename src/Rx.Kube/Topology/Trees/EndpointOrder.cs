using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>The orders of endpoints and ports. All are ordinal, so that every process has the same order.</summary>
internal static class EndpointOrder
{
    /// <summary>
    /// Gets the order of a snapshot: by member, address family, address and ports. A change of condition does not move an endpoint.
    /// </summary>
    public static IComparer<TopologyEndpoint> ByMember { get; } = Comparer<TopologyEndpoint>.Create(CompareByMember);

    /// <summary>
    /// Gets the order of several claims to one address, the best first: not terminating, then ready, then serving. After that only the
    /// content decides, never the order in which the claims arrived. It compares every property of an endpoint except
    /// <see cref="TopologyEndpoint.IsHeld"/>, which no claim has.
    /// </summary>
    public static IComparer<TopologyEndpoint> ByClaim { get; } = Comparer<TopologyEndpoint>.Create(CompareByClaim);

    /// <summary>Gets the order of ports: by name, number and protocol.</summary>
    public static IComparer<EndpointPort> ByPort { get; } = Comparer<EndpointPort>.Create(ComparePorts);

    private static int CompareByMember(TopologyEndpoint x, TopologyEndpoint y)
    {
        if (ReferenceEquals(x, y))
        {
            return 0;
        }

        var order = string.CompareOrdinal(x.Member, y.Member);
        order = order != 0 ? order : string.CompareOrdinal(x.AddressType, y.AddressType);
        order = order != 0 ? order : string.CompareOrdinal(x.Address, y.Address);
        return order != 0 ? order : Compare(x.Ports, y.Ports, ByPort);
    }

    private static int CompareByClaim(TopologyEndpoint x, TopologyEndpoint y)
    {
        var order = x.Terminating.CompareTo(y.Terminating);
        order = order != 0 ? order : y.Ready.CompareTo(x.Ready);
        order = order != 0 ? order : y.Serving.CompareTo(x.Serving);
        order = order != 0 ? order : string.CompareOrdinal(x.Member, y.Member);
        order = order != 0 ? order : string.CompareOrdinal(x.Uid, y.Uid);
        order = order != 0 ? order : string.CompareOrdinal(x.Pod, y.Pod);
        order = order != 0 ? order : string.CompareOrdinal(x.Node, y.Node);
        order = order != 0 ? order : string.CompareOrdinal(x.Zone, y.Zone);
        order = order != 0 ? order : string.CompareOrdinal(x.Hostname, y.Hostname);
        order = order != 0 ? order : string.CompareOrdinal(x.AddressType, y.AddressType);
        order = order != 0 ? order : Compare(x.Addresses, y.Addresses, StringComparer.Ordinal);
        order = order != 0 ? order : Compare(x.Ports, y.Ports, ByPort);
        order = order != 0 ? order : Compare(x.ForZones, y.ForZones, StringComparer.Ordinal);
        order = order != 0 ? order : Compare(x.ForNodes, y.ForNodes, StringComparer.Ordinal);
        return order != 0 ? order : string.CompareOrdinal(x.Slice, y.Slice);
    }

    private static int ComparePorts(EndpointPort x, EndpointPort y)
    {
        var order = string.CompareOrdinal(x.Name, y.Name);
        order = order != 0 ? order : Nullable.Compare(x.Port, y.Port);
        order = order != 0 ? order : string.CompareOrdinal(x.Protocol, y.Protocol);
        return order != 0 ? order : string.CompareOrdinal(x.AppProtocol, y.AppProtocol);
    }

    private static int Compare<T>(EquatableArray<T> x, EquatableArray<T> y, IComparer<T> by)
    {
        for (var i = 0; i < x.Length && i < y.Length; i++)
        {
            var order = by.Compare(x[i], y[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return x.Length.CompareTo(y.Length);
    }
}
