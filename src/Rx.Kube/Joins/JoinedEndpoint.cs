using Rx.Kube.Models;


namespace Rx.Kube;

/// <summary>An endpoint of a Service with the objects behind it. Equality is by content.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Pod">Its pod, of the same incarnation; null when it has none, when pods were not joined, or when it is missing.</param>
/// <param name="Node">Its node; null when it has none, when nodes were not joined, or when it is missing.</param>
public readonly record struct JoinedEndpoint(TopologyEndpoint Endpoint, Pod? Pod, Node? Node)
{
    /// <summary>The zone: the endpoint's own, else its node's; null when neither says.</summary>
    public string? Zone => Endpoint.Zone ?? Node?.Zone;
}
