namespace Rx.Kube;

/// <summary>The order of several claims to one address: the first one wins.</summary>
internal static class ClaimOrder
{
    /// <summary>
    /// Gets the order, the best claim first: with a pod, since a claim without one knows neither the member's name nor its readiness; then
    /// not terminating, then ready, then serving; then the claim that says more: the uid, the node, the zone. After that only the content
    /// decides, never the order in which the claims arrived. It compares every property of an endpoint except
    /// <see cref="TopologyEndpoint.IsHeld"/>, which no claim has.
    /// </summary>
    public static IComparer<TopologyEndpoint> BestFirst { get; } = Comparer<TopologyEndpoint>.Create(Compare);

    private static int Compare(TopologyEndpoint x, TopologyEndpoint y)
    {
        var order = (x.Pod is null).CompareTo(y.Pod is null);
        order = order != 0 ? order : x.Terminating.CompareTo(y.Terminating);
        order = order != 0 ? order : y.Ready.CompareTo(x.Ready);
        order = order != 0 ? order : y.Serving.CompareTo(x.Serving);
        order = order != 0 ? order : (x.Uid is null).CompareTo(y.Uid is null);
        order = order != 0 ? order : (x.Node is null).CompareTo(y.Node is null);
        order = order != 0 ? order : (x.Zone is null).CompareTo(y.Zone is null);
        order = order != 0 ? order : string.CompareOrdinal(x.Member, y.Member);
        order = order != 0 ? order : string.CompareOrdinal(x.Uid, y.Uid);
        order = order != 0 ? order : string.CompareOrdinal(x.Pod, y.Pod);
        order = order != 0 ? order : string.CompareOrdinal(x.Node, y.Node);
        order = order != 0 ? order : string.CompareOrdinal(x.Zone, y.Zone);
        order = order != 0 ? order : string.CompareOrdinal(x.Hostname, y.Hostname);
        order = order != 0 ? order : string.CompareOrdinal(x.AddressType, y.AddressType);
        order = order != 0 ? order : EndpointOrder.Compare(x.Addresses, y.Addresses, StringComparer.Ordinal);
        order = order != 0 ? order : PortSet.Compare(x.Ports, y.Ports);
        order = order != 0 ? order : EndpointOrder.Compare(x.ForZones, y.ForZones, StringComparer.Ordinal);
        order = order != 0 ? order : EndpointOrder.Compare(x.ForNodes, y.ForNodes, StringComparer.Ordinal);
        return order != 0 ? order : string.CompareOrdinal(x.Slice, y.Slice);
    }
}
