using Rx.Kube.Benchmarks.Peers;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Areas;

/// <summary>What the managed heap keeps for each endpoint, after a full collection, and what an old snapshot costs that is held.</summary>
internal static class MemoryComparison
{
    private const string Area = "memory";

    public static IEnumerable<ComparedRow> Rows(CompareOptions options)
    {
        foreach (var (name, slices) in options.Pick(new[] { ("W1", 20) }, [("W1", 200)], [("W1", 200), ("W3", 1500)]))
        {
            foreach (var (names, most) in new[] { (PodNames.Random, 128.0), (PodNames.Templated, 64.0) })
            {
                var workload = new SliceWorkload(slices, 100, names: names);
                var what = $"{name}, {(names == PodNames.Random ? "random" : "templated")} names: kept an endpoint";
                var ours = PerEndpoint(() => new RxKubePath(workload), slices, options);
                yield return ComparedRow.AtMost(Area, what, ours, "B", most);
                yield return ComparedRow.Times(
                    Area, what, ours, PerEndpoint(() => new KubernetesClientPath(workload, folds: true), slices, options),
                    "KubernetesClient + dictionary", "B", 0);
                foreach (var format in new[] { "json", "protobuf" })
                {
                    yield return ClientGo.Missing is { } reason
                        ? ComparedRow.NotRun(Area, what, $"client-go {format}", "none", reason)
                        : ComparedRow.Times(Area, what, ours, ClientGoKeeps(workload, format), $"client-go {format}", "B", 0);
                }
            }
        }

        yield return OldSnapshots();
    }

    private static Figures PerEndpoint(Func<WholePathContestant> create, int slices, CompareOptions options)
    {
        var kept = new List<double>();
        for (var i = 0; i < options.Pick(1, 1, 3); i++)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            using var client = create();
            client.Start();
            kept.Add((GC.GetTotalMemory(forceFullCollection: true) - before) / (slices * 100.0));
        }

        return new([.. kept]);
    }

    private static Figures ClientGoKeeps(SliceWorkload workload, string format)
    {
        using var files = new WorkloadFiles(workload);
        using var process = ClientGo.Start(
            "cold", "--format", format, "--list", files.List, "--namespace", SliceWorkload.Namespace);
        var start = ColdStart.Parse(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("client-go printed nothing."));
        process.WaitForExit();
        return new([start.KeptBytes / (workload.Slices * 100.0)]);
    }

    private static ComparedRow OldSnapshots()
    {
        var workload = new SliceWorkload(W1Workload.Slices, W1Workload.EndpointsPerSlice);
        var empty = GC.GetTotalMemory(forceFullCollection: true);
        using var client = new RxKubePath(workload);
        client.Start();
        client.Round();
        var all = GC.GetTotalMemory(forceFullCollection: true) - empty;
        client.Held = [];
        client.Round();
        var held = GC.GetTotalMemory(forceFullCollection: true) - empty - all;
        return ComparedRow.Times(
            Area, "W1: an old snapshot that is held, beside the newest one", new([(double)held / client.Held.Count]), new([all]),
            "the newest snapshot", "B", 100);
    }
}
