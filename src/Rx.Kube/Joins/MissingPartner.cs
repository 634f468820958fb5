namespace Rx.Kube;

/// <summary>
/// A partner that an endpoint refers to but the other side does not have: one of the two sides is behind, or the other side does not select
/// the object.
/// </summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Kind">The kind of the object that it names: <c>Pod</c> or <c>Node</c>.</param>
/// <param name="Name">The name of the object. It comes from the network: escape it before printing.</param>
/// <param name="Reason">Why the endpoint has no partner.</param>
public sealed record MissingPartner(TopologyEndpoint Endpoint, string Kind, string Name, MissingReason Reason);

/// <summary>Why an endpoint has no partner.</summary>
public enum MissingReason
{
    /// <summary>There is no object with this name.</summary>
    NotFound,

    /// <summary>The uid of the object with this name is not the one that the endpoint names: it was deleted and created again.</summary>
    UidMismatch,
}
