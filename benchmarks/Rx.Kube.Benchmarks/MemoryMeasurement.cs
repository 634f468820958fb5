using System.Reactive.Subjects;
using Rx.Kube.Models;

namespace Rx.Kube.Benchmarks;

/// <summary>Measures the goals of the fold and of the memory, as rows of <c>compare</c>.</summary>
internal static class MemoryMeasurement
{
    /// <summary>Measures the managed heap after a full collection: bytes for each endpoint, and for each snapshot that is kept.</summary>
    public static IEnumerable<ComparedRow> MemoryRows()
    {
        var (decoded, fold) = FoldReport.Retained(1500, 100, oneService: true);
        yield return ComparedRow.AtMost("memory", "W3, retained an endpoint", decoded + fold, "B", 128);
        (decoded, fold) = FoldReport.Retained(10_000, 15, oneService: false);
        yield return ComparedRow.AtMost("memory", "10,000 Services of 15, retained an endpoint", decoded + fold, "B", 128);
        yield return ComparedRow.AtMost("memory", "W1, kept snapshot of one change, read", OldSnapshot(), "B", 2048);
    }

    /// <summary>Measures one change of a decoded slice, whatever the number of slices, and the fold of a list.</summary>
    public static IEnumerable<ComparedRow> FoldRows()
    {
        var (few, many) = (FoldReport.OneChange(200, 10), FoldReport.OneChange(10_000, 10));
        yield return ComparedRow.AtMost("fold", "W2, one change, CPU", few.Least, "us", 1);
        yield return ComparedRow.AtMost("fold", "W2, one change, allocated", few.Bytes, "B", 512);
        yield return ComparedRow.AtMost("fold", "10,000 slices of 10, one change, CPU", many.Least, "us", 1);
        yield return ComparedRow.AtMost("fold", "10,000 slices of 10, one change, allocated", many.Bytes, "B", 512);
        var slope = Math.Log(many.Least / few.Least) / Math.Log(50);
        yield return ComparedRow.AtMost("fold", "log-log slope, 200 to 10,000 slices", slope, "", 0.2);
        var w1 = FoldReport.OneChange(200, 100);
        yield return ComparedRow.AtMost("fold", "W1, one change, CPU", w1.Least, "us", 1);
        yield return ComparedRow.AtMost("fold", "W1, one change, allocated", w1.Bytes, "B", 512);
        yield return ComparedRow.AtMost("fold", "W3, first list, CPU", FoldReport.FirstList().Least / 1000, "ms", 118);
        yield return ComparedRow.AtMost("fold", "W3, all endpoints change, CPU", FoldReport.Storm().Least / 1000, "ms", 150);
    }

    // Each snapshot is read, so that it has nodes of its own.
    private static double OldSnapshot()
    {
        const int Kept = 400;
        var workload = new ClusterWorkload(200, 100, oneService: true);
        var list = workload.List();
        var events = workload.Events(Kept);
        var snapshots = new List<ServiceTopology>(Kept + 1);
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        using var subscription = source.ToTopology().Subscribe(t =>
        {
            _ = t.Endpoints[0];
            snapshots.Add(t);
        });
        source.OnNext(list);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var next in events)
        {
            source.OnNext(next);
        }

        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(snapshots);
        GC.KeepAlive(events);
        GC.KeepAlive(list);
        return (double)kept / Kept;
    }
}
