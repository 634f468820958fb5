namespace Rx.Kube;

/// <summary>
/// What a snapshot says about the presence of a Service, from "not known" to "ready". A Service without an EndpointSlice and a Service
/// without endpoints are two different things: the first is often a misspelled name.
/// </summary>
public enum ServicePresence
{
    /// <summary>Nothing is known yet: no complete list has arrived, or no slice of the Service could be decoded.</summary>
    Unknown,

    /// <summary>
    /// The server has no EndpointSlice (or Endpoints object) of this Service. Either there is no such Service in the namespace, or it has
    /// no selector, or its controller has not created a slice yet.
    /// </summary>
    NoSlices,

    /// <summary>
    /// The Service has a slice, but no endpoint: its selector matches no pod, or operators have filtered all endpoints out.
    /// </summary>
    NoEndpoints,

    /// <summary>The Service has endpoints, but none of them is ready.</summary>
    NoneReady,

    /// <summary>At least one endpoint is ready.</summary>
    Ready,
}
