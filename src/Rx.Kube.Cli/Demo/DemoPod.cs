namespace Rx.Kube.Cli.Demo;

/// <summary>A pod of the demonstration.</summary>
/// <param name="Ordinal">Its number in the StatefulSet.</param>
/// <param name="Incarnation">A number that no other pod has ever had: another one means another pod, with another address.</param>
/// <param name="Node">The number of its node.</param>
/// <param name="Phase">What its endpoint says.</param>
internal sealed record DemoPod(int Ordinal, int Incarnation, int Node, DemoPhase Phase);

/// <summary>The life of a pod as its endpoint shows it.</summary>
internal enum DemoPhase
{
    /// <summary>It is there and does not answer yet, or no longer.</summary>
    NotReady,

    /// <summary>It answers.</summary>
    Ready,

    /// <summary>It is going away and still answers.</summary>
    Draining,

    /// <summary>It is going away and no longer answers.</summary>
    Stopped,
}
