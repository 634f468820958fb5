namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>How the network treats the bytes of all connections; the schedule changes it while it runs.</summary>
internal sealed class NetworkMode
{
    public int Split { get; set; }

    public long SplitUntil { get; set; }

    public int Coalesce { get; set; }

    public long CoalesceUntil { get; set; }

    public int Delay { get; set; }

    public long DelayUntil { get; set; }

    public void Clear() => (SplitUntil, CoalesceUntil, DelayUntil) = (0, 0, 0);
}
