using System.Diagnostics.Metrics;

namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>What the clients of this process hold: the test that measures it runs alone.</summary>
/// <param name="Sockets">Sockets to the proxies that are not closed on this side.</param>
/// <param name="Streams">Resumed streams, from the meter of the library.</param>
/// <param name="Timers">Active timers.</param>
/// <param name="Threads">Threads of the pool.</param>
/// <param name="Memory">Managed memory after a collection, in bytes.</param>
public sealed record Footprint(int Sockets, int Streams, long Timers, int Threads, long Memory)
{
    public static Footprint Measure(IReadOnlyCollection<CuttingProxy> proxies)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return new(
            SocketsTo([.. proxies.Select(p => p.Port)]), CountStreams(), Timer.ActiveCount, ThreadPool.ThreadCount,
            GC.GetTotalMemory(forceFullCollection: true));
    }

    public override string ToString() =>
        $"{Sockets} sockets, {Streams} streams, {Timers} timers, {Threads} threads, {Memory / 1024.0 / 1024:0.0} MB";

    /// <summary>Counts the sockets to some ports of loopback (Linux, proc(5)): ESTABLISHED and CLOSE_WAIT.</summary>
    private static int SocketsTo(HashSet<int> ports) => ((string[])["/proc/self/net/tcp", "/proc/self/net/tcp6"])
        .SelectMany(file => File.ReadLines(file).Skip(1))
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Count(f => f[3] is "01" or "08" && ports.Contains(Convert.ToInt32(f[2].Split(':')[1], 16)));

    private static int CountStreams()
    {
        var number = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument is { Meter.Name: "Rx.Kube", Name: "rxkube.watch.streams" })
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => number += value);
        listener.Start();
        listener.RecordObservableInstruments();
        return (int)number;
    }
}
