namespace Rx.Kube;

/// <summary>
/// A selection of the endpoints of a tree. A tree counts the endpoints of each view, so a view needs no memory of its own.
/// </summary>
internal enum EndpointView
{
    /// <summary>All endpoints.</summary>
    All,

    /// <summary>The ready endpoints.</summary>
    Ready,

    /// <summary>
    /// The endpoints that are not ready but serving and terminating: they may receive traffic when none is ready (KEP-1669).
    /// </summary>
    Leaving,
}
