using System.Diagnostics;
using System.Reactive.Disposables;
using System.Reactive.Subjects;
using Rx.Kube.Models;

namespace Rx.Kube.Benchmarks;

/// <summary>Reports time and memory of whole clusters in less than a minute: <c>dotnet run -c Release -- cluster</c>.</summary>
internal static class ClusterReport
{
    private const int Events = 2000;
    private const int Rounds = 15;

    private delegate IDisposable Reader(Subject<WatchEvent<EndpointSlice>> source, WatchEvent<EndpointSlice>.Listed list);

    public static void Print()
    {
        ColdStart(services: 10_000, endpoints: 15);
        Console.WriteLine("one decoded event, by number of slices: minimum and median time, allocated bytes");
        Slope("one Service, slices of 10", 10, oneService: true, (source, _) => source.ToTopology().Subscribe());
        Slope("ClusterTopology, one slice of 15 per Service", 15, oneService: false, (source, _) => source.ToClusterTopology().Subscribe());
        Slope("the same with a subscriber per Service", 15, oneService: false, (source, list) =>
        {
            var services = source.ToClusterTopology().ByService();
            return new CompositeDisposable(list.Items
                .Select(s => services.Service(new(s.Metadata.Namespace, s.ServiceName)).Subscribe(_ => { })));
        });
    }

    private static void ColdStart(int services, int endpoints)
    {
        var count = services * endpoints;
        var empty = GC.GetTotalMemory(forceFullCollection: true);
        var list = new ClusterWorkload(services, endpoints).List();
        var decoded = GC.GetTotalMemory(forceFullCollection: true) - empty;
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        ClusterTopology? last = null;
        var times = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            using var once = source.ToClusterTopology().Subscribe(c => last = c);
            GC.Collect();
            times.Add(Time(() => source.OnNext(list)).TotalMilliseconds);
        }

        last = null;
        using var kept = source.ToClusterTopology().Subscribe(c => last = c);
        source.OnNext(list);
        var all = GC.GetTotalMemory(forceFullCollection: true) - empty;
        Console.WriteLine($"{services} Services, {count} endpoints");
        Console.WriteLine(
            $"  from the decoded list to the first snapshot: {times.Min():0} ms, median {times.Order().ElementAt(times.Count / 2):0} ms");
        Console.WriteLine(
            $"  retained per endpoint: {all / count} B: {decoded / count} B decoded slices, {(all - decoded) / count} B fold and snapshot");
        GC.KeepAlive(last);
        GC.KeepAlive(list);
    }

    private static void Slope(string name, int endpoints, bool oneService, Reader read)
    {
        int[] sizes = [200, 1_000, 10_000];
        var costs = sizes.Select(n => PerEvent(new ClusterWorkload(n, endpoints, oneService), read)).ToList();
        var slope = Math.Log(costs[^1].Least / costs[0].Least) / Math.Log((double)sizes[^1] / sizes[0]);
        Console.WriteLine(
            $"  {name,-44} {string.Join("   ", sizes.Zip(costs, (n, c) => $"{n}: {c.Least:0.00}/{c.Median:0.00} us {c.Bytes} B"))}" +
            $"   slope {slope:0.00}");
    }

    private static (double Least, double Median, long Bytes) PerEvent(ClusterWorkload workload, Reader read)
    {
        var list = workload.List();
        var events = workload.Events(Events);
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        using var subscription = read(source, list);
        source.OnNext(list);
        var times = new List<double>();
        var bytes = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            GC.Collect();
            var before = GC.GetAllocatedBytesForCurrentThread();
            times.Add(Time(() => Array.ForEach(events, source.OnNext)).TotalMicroseconds / Events);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Events;
        }

        return (times.Min(), times.Order().ElementAt(Rounds / 2), bytes);
    }

    private static TimeSpan Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start);
    }
}
