namespace Rx.Kube;

/// <summary>
/// The properties of a <see cref="TopologyEndpoint"/> that does not refer to the endpoint of a slice. Changed only while its owner is
/// created.
/// </summary>
internal sealed class EndpointParts
{
    public EndpointParts()
    {
    }

    public EndpointParts(EndpointParts other)
    {
        (Member, Addresses, AddressType, Ports, Slice) = (other.Member, other.Addresses, other.AddressType, other.Ports, other.Slice);
        (Ready, Serving, Terminating, IsHeld) = (other.Ready, other.Serving, other.Terminating, other.IsHeld);
        (Zone, Node, Hostname, Pod, Uid) = (other.Zone, other.Node, other.Hostname, other.Pod, other.Uid);
        (ForZones, ForNodes) = (other.ForZones, other.ForNodes);
    }

    public string Member { get; set; } = "";

    public EquatableArray<string> Addresses { get; set; }

    public string AddressType { get; set; } = "";

    public PortSet Ports { get; set; }

    public bool Ready { get; set; } = true;

    public bool Serving { get; set; } = true;

    public bool Terminating { get; set; }

    public bool IsHeld { get; set; }

    public string? Zone { get; set; }

    public string? Node { get; set; }

    public string? Hostname { get; set; }

    public string? Pod { get; set; }

    public string? Uid { get; set; }

    public EquatableArray<string> ForZones { get; set; }

    public EquatableArray<string> ForNodes { get; set; }

    public string Slice { get; set; } = "";
}
