namespace Rx.Kube.Cli.Demo;

/// <summary>Represents a pod of the demonstration.</summary>
/// <param name="Ordinal">The ordinal in the StatefulSet.</param>
/// <param name="Incarnation">
/// A number that is unique among all pods of a run; a pod that is recreated gets a new number and a new address.
/// </param>
/// <param name="Node">The number of the node.</param>
/// <param name="Phase">The phase that its endpoint shows.</param>
internal sealed record DemoPod(int Ordinal, int Incarnation, int Node, DemoPhase Phase);

/// <summary>Specifies the phase of a pod as its endpoint shows it.</summary>
internal enum DemoPhase
{
    /// <summary>The pod exists and does not answer.</summary>
    NotReady,

    /// <summary>The pod answers.</summary>
    Ready,

    /// <summary>The pod is terminating and still answers.</summary>
    Draining,

    /// <summary>The pod is terminating and no longer answers.</summary>
    Stopped,
}
