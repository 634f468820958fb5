namespace Rx.Kube;

/// <summary>An endpoint names an object that the other side does not have: one of the two is behind, or the other side does not select it.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Kind">What it names: <c>Pod</c> or <c>Node</c>.</param>
/// <param name="Name">The name. From the network: escape before printing.</param>
/// <param name="Reason">Why it has no partner.</param>
public sealed record MissingPartner(TopologyEndpoint Endpoint, string Kind, string Name, MissingReason Reason);

/// <summary>Why an endpoint has no partner.</summary>
public enum MissingReason
{
    /// <summary>No object has this name.</summary>
    NotThere,

    /// <summary>The object of this name has another uid than the endpoint says: it was deleted and created again.</summary>
    AnotherIncarnation,
}
