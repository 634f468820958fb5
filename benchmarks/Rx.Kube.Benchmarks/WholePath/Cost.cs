namespace Rx.Kube.Benchmarks.WholePath;

/// <summary>What an event costs: processor time of all threads of the process, and bytes allocated by all of them.</summary>
/// <param name="Microseconds">Processor time an event, in microseconds.</param>
/// <param name="Bytes">Allocated bytes an event.</param>
internal readonly record struct Cost(double Microseconds, double Bytes)
{
    /// <summary>Measures one run of an action. It begins after a collection, so that none pays for the garbage of another.</summary>
    public static Cost Of(int events, Action action)
    {
        GC.Collect();
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var time = Environment.CpuUsage.TotalTime;
        action();

        // The kernel counts the time of another thread when that thread sleeps, or with the next tick.
        Thread.Sleep(1);
        time = Environment.CpuUsage.TotalTime - time;
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        return new(time.TotalMicroseconds / events, (double)bytes / events);
    }
}
