using System.Globalization;
using System.Reactive.Subjects;
using Rx.Kube.Models;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// Measures what a fold costs beyond the decoding, without a network: time and allocated bytes of one change, of the first list and of a
/// storm, and the memory that stays. Times are CPU time of the process, minimum and median of the repetitions.
/// </summary>
internal static class FoldReport
{
    private const int Repetitions = 9;

    /// <summary>Prints everything, in about half a minute.</summary>
    public static void Print()
    {
        foreach (var line in Lines())
        {
            Console.WriteLine(line);
        }
    }

    /// <summary>Measures one change of readiness in a decoded slice, by number of slices of 10 and of 100 endpoints.</summary>
    /// <param name="slices">The number of slices.</param>
    /// <param name="endpoints">The number of endpoints in a slice.</param>
    /// <param name="read">Reads each snapshot; null for a subscriber that only receives it.</param>
    public static FoldCost OneChange(int slices, int endpoints, Action<ServiceTopology>? read = null)
    {
        const int Events = 2000;
        var workload = new ClusterWorkload(slices, endpoints, oneService: true);
        var list = workload.List();
        var events = workload.Events(Events);
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        using var subscription = source.ToTopology().Subscribe(read ?? (_ => { }));
        source.OnNext(list);
        return Measure(Events, () =>
        {
            foreach (var next in events)
            {
                source.OnNext(next);
            }
        });
    }

    /// <summary>Measures the fold of the decoded list of W3.</summary>
    public static FoldCost FirstList(int slices = 1500, int endpoints = 100)
    {
        var list = new ClusterWorkload(slices, endpoints, oneService: true).List();
        return Measure(1, () =>
        {
            using var source = new Subject<WatchEvent<EndpointSlice>>();
            using var subscription = source.ToTopology().Subscribe(_ => { });
            source.OnNext(list);
        });
    }

    /// <summary>Measures the fold of a storm: every endpoint of every decoded slice changes, one event for each slice.</summary>
    public static FoldCost Storm(int slices = 1500, int endpoints = 100)
    {
        var workload = new ClusterWorkload(slices, endpoints, oneService: true);
        var list = workload.List();
        var down = Flipped(list, ready: false);
        var up = Flipped(list, ready: true);
        var isDown = false;
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        using var subscription = source.ToTopology().Subscribe(_ => { });
        source.OnNext(list);
        return Measure(1, () =>
        {
            isDown = !isDown;
            foreach (var next in isDown ? down : up)
            {
                source.OnNext(next);
            }
        });
    }

    /// <summary>Measures the memory that stays: the managed heap after a full collection, divided by the endpoints.</summary>
    /// <returns>What a decoded list takes, and what the fold and its snapshot take beyond it, in bytes for each endpoint.</returns>
    public static (double Decoded, double Fold) Retained(int slices, int endpoints, bool oneService)
    {
        var empty = Heap();
        var list = new ClusterWorkload(slices, endpoints, oneService).List();
        var decoded = Heap();
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        object? last = null;
        using var subscription = oneService
            ? source.ToTopology().Subscribe(t => last = t)
            : source.ToClusterTopology().Subscribe(t => last = t);
        source.OnNext(list);
        var folded = Heap();
        GC.KeepAlive(last);
        GC.KeepAlive(list);
        var count = (double)slices * endpoints;
        return ((decoded - empty) / count, (folded - decoded) / count);
    }

    private static IEnumerable<string> Lines()
    {
        foreach (var (slices, endpoints, oneService) in new[] { (1500, 100, true), (10_000, 15, false), (10_000, 15, true) })
        {
            var (decoded, fold) = Retained(slices, endpoints, oneService);
            var what = $"{slices} slices of {endpoints}{(oneService ? "" : ", each its own Service")}";
            yield return Text(
                $"retained, {what}: {decoded + fold:0} B an endpoint, decoded {decoded:0} + fold {fold:0}");
        }

        yield return Text($"first list of W3: {FirstList()}");
        yield return Text($"storm, all endpoints of W3: {Storm()}");
        foreach (var endpoints in new[] { 10, 100 })
        {
            List<(int Slices, FoldCost Cost)> costs =
                [.. (endpoints == 10 ? new[] { 200, 1000, 10_000 } : [200, 1500]).Select(n => (n, OneChange(n, endpoints)))];
            foreach (var (slices, cost) in costs)
            {
                yield return Text($"one change, {slices} slices of {endpoints}: {cost}");
            }

            var slope = Math.Log(costs[^1].Cost.Least / costs[0].Cost.Least) / Math.Log((double)costs[^1].Slices / costs[0].Slices);
            yield return Text($"  log-log slope of the minimum: {slope:0.00}");
        }

        yield return Text($"one change, 200 slices of 100, the first endpoint read: {OneChange(200, 100, t => _ = t.Endpoints[0])}");
    }

    private static WatchEvent<EndpointSlice>[] Flipped(WatchEvent<EndpointSlice>.Listed list, bool ready) =>
    [
        .. list.Items.Select((s, i) => new WatchEvent<EndpointSlice>.Modified(
            s with { Endpoints = [.. s.Endpoints.Select(e => e with { Ready = ready, Serving = ready })] },
            (200_000 + i).ToString(CultureInfo.InvariantCulture))),
    ];

    private static FoldCost Measure(int operations, Action act)
    {
        act();
        act();
        var (times, bytes) = (new List<double>(), 0L);
        for (var i = 0; i < Repetitions; i++)
        {
            GC.Collect();
            var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime);
            act();
            times.Add((Environment.CpuUsage.TotalTime - start).TotalMicroseconds / operations);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / operations;
        }

        times.Sort();
        return new(times[0], times[times.Count / 2], bytes);
    }

    private static long Heap()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Time in microseconds and bytes allocated by one operation.</summary>
/// <param name="Least">The shortest time.</param>
/// <param name="Median">The median time.</param>
/// <param name="Bytes">The allocated bytes.</param>
internal sealed record FoldCost(double Least, double Median, long Bytes)
{
    /// <inheritdoc/>
    public override string ToString() => Least < 10_000
        ? string.Create(CultureInfo.InvariantCulture, $"{Least:0.00}/{Median:0.00} us, {Bytes} B")
        : string.Create(CultureInfo.InvariantCulture, $"{Least / 1000:0}/{Median / 1000:0} ms, {Bytes / 1e6:0.0} MB");
}
