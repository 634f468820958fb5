using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>The orders of endpoints and ports. All are ordinal, so that every process has the same order.</summary>
internal static class EndpointOrder
{
    /// <summary>
    /// Gets the order of a snapshot: by member, address family, address and ports. A change of condition does not move an endpoint.
    /// </summary>
    public static IComparer<TopologyEndpoint> ByMember { get; } = Comparer<TopologyEndpoint>.Create(CompareByMember);

    /// <summary>Gets the order of ports: by name, number and protocol.</summary>
    public static IComparer<EndpointPort> ByPort { get; } = Comparer<EndpointPort>.Create(ComparePorts);

    /// <summary>Gets whether two endpoints have the same member.</summary>
    public static bool SameMember(TopologyEndpoint x, TopologyEndpoint y) => ReferenceEquals(x, y) || x.HasMemberOf(y);

    /// <summary>Compares the member of an endpoint with a name.</summary>
    public static int CompareMember(TopologyEndpoint endpoint, string member) => endpoint.CompareMember(member);

    private static int CompareByMember(TopologyEndpoint x, TopologyEndpoint y)
    {
        if (ReferenceEquals(x, y))
        {
            return 0;
        }

        var order = x.CompareMember(y);
        order = order != 0 ? order : string.CompareOrdinal(x.AddressType, y.AddressType);
        order = order != 0 ? order : x.CompareAddress(y);
        return order != 0 ? order : PortSet.Compare(x.Ports, y.Ports);
    }

    private static int ComparePorts(EndpointPort x, EndpointPort y)
    {
        var order = string.CompareOrdinal(x.Name, y.Name);
        order = order != 0 ? order : Nullable.Compare(x.Port, y.Port);
        order = order != 0 ? order : string.CompareOrdinal(x.Protocol, y.Protocol);
        return order != 0 ? order : string.CompareOrdinal(x.AppProtocol, y.AppProtocol);
    }

    /// <summary>Compares two lists item by item; the shorter one comes first if its items are the first of the longer one.</summary>
    public static int Compare<T>(EquatableArray<T> x, EquatableArray<T> y, IComparer<T> by)
    {
        if (x.AsSpan() == y.AsSpan())
        {
            return 0; // the same array
        }

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
