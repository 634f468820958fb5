namespace Rx.Kube;

/// <summary>Which endpoints of a tree are meant. A tree counts each, so a view of it needs no memory of its own.</summary>
internal enum EndpointView
{
    /// <summary>All.</summary>
    All,

    /// <summary>The ready ones.</summary>
    Ready,

    /// <summary>Those not ready but serving and terminating: where traffic may go when none is ready (KEP-1669).</summary>
    Leaving,
}
