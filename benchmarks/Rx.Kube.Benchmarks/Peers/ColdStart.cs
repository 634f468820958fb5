using System.Diagnostics;
using System.Globalization;

namespace Rx.Kube.Benchmarks.Peers;

/// <summary>What a client takes from its first request to its first complete state.</summary>
/// <param name="Milliseconds">The time.</param>
/// <param name="ProcessorMilliseconds">Processor time of all threads.</param>
/// <param name="AllocatedBytes">Allocated bytes.</param>
/// <param name="KeptBytes">What the managed heap has grown by, after a full collection.</param>
/// <param name="PeakBytes">What the resident memory has grown by at most.</param>
/// <param name="SteadyBytes">What the resident memory has grown by, after a full collection; zero if it is not known.</param>
internal sealed record ColdStart(
    double Milliseconds, double ProcessorMilliseconds, double AllocatedBytes, double KeptBytes, double PeakBytes, double SteadyBytes)
{
    /// <summary>Reads the line that a client of another process has printed.</summary>
    public static ColdStart Parse(string line) =>
        line.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray() is
            [var time, var processor, var allocated, var kept, var peak, var steady]
            ? new(time / 1e6, processor / 1e6, allocated, kept, peak, steady)
            : throw new FormatException($"The client printed: {line}");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Milliseconds * 1e6:0} {ProcessorMilliseconds * 1e6:0} {AllocatedBytes:0} {KeptBytes:0} {PeakBytes:0} {SteadyBytes:0}");

    /// <summary>Measures what an action takes to make a state, and what the state keeps.</summary>
    public static ColdStart Measure(Func<object> make)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        File.WriteAllText("/proc/self/clear_refs", "5"); // the largest resident memory starts over
        var (kept, resident) = (GC.GetTotalMemory(forceFullCollection: true), Status("VmRSS:"));
        var (allocated, processor, start) =
            (GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var state = make();
        var time = Stopwatch.GetElapsedTime(start);
        processor = Environment.CpuUsage.TotalTime - processor;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var peak = Status("VmHWM:") - resident;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        (kept, resident) = (GC.GetTotalMemory(forceFullCollection: true) - kept, Status("VmRSS:") - resident);
        GC.KeepAlive(state);
        return new(time.TotalMilliseconds, processor.TotalMilliseconds, allocated, kept, peak, resident);
    }

    private static long Status(string name) => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) << 10)
        .First();
}
