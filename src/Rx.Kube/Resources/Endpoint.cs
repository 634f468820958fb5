namespace Rx.Kube.Models;

/// <summary>One endpoint of an <see cref="EndpointSlice"/>, as the API server sent it. Immutable; equality is by content.</summary>
public sealed record Endpoint
{
    /// <summary>Gets the addresses, which are interchangeable: consumers use the first one (discovery/v1 types.go).</summary>
    public EquatableArray<string> Addresses { get; init; }

    /// <summary>Gets <c>conditions.ready</c>; null when absent, which means true.</summary>
    public bool? Ready { get; init; }

    /// <summary>
    /// Gets <c>conditions.serving</c>: like ready, but regardless of whether the endpoint is terminating; null when absent, which means
    /// true.
    /// </summary>
    public bool? Serving { get; init; }

    /// <summary>Gets <c>conditions.terminating</c>; null when absent, which means false.</summary>
    public bool? Terminating { get; init; }

    /// <summary>
    /// Gets the host name, set for the pods of a StatefulSet (and other pods that set a hostname and the Service's name as subdomain).
    /// </summary>
    public string? Hostname { get; init; }

    /// <summary>Gets the name of the node that hosts the endpoint.</summary>
    public string? NodeName { get; init; }

    /// <summary>Gets the zone of the endpoint.</summary>
    public string? Zone { get; init; }

    /// <summary>Gets the object behind the endpoint, normally a Pod.</summary>
    public TargetReference? TargetRef { get; init; }

    /// <summary>Gets <c>hints.forZones</c>: the zones that should consume this endpoint; empty when there is no hint.</summary>
    public EquatableArray<string> ForZones { get; init; }

    /// <summary>Gets <c>hints.forNodes</c>: the nodes that should consume this endpoint; empty when there is no hint.</summary>
    public EquatableArray<string> ForNodes { get; init; }
}

/// <summary>The object behind an endpoint: <c>targetRef</c>.</summary>
/// <param name="Kind">The kind, normally <c>Pod</c>.</param>
/// <param name="Namespace">The namespace.</param>
/// <param name="Name">The name.</param>
/// <param name="Uid">The uid of this incarnation.</param>
public sealed record TargetReference(string Kind, string Namespace, string Name, string Uid);
