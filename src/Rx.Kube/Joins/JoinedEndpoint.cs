using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>An endpoint of a Service, with the objects behind it. Equality is by content.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Pod">
/// Its pod, with the same uid; null when the endpoint names none, when pods were not joined, or when the pod is missing.
/// </param>
/// <param name="Node">Its node; null when the endpoint names none, when nodes were not joined, or when the node is missing.</param>
public readonly record struct JoinedEndpoint(TopologyEndpoint Endpoint, Pod? Pod, Node? Node)
{
    /// <summary>Gets the zone: the endpoint's own, otherwise its node's; null when neither has one.</summary>
    public string? Zone => Endpoint.Zone ?? Node?.Zone;
}
