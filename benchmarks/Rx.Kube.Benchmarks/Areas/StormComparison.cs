using Rx.Kube.Benchmarks.Peers;
using Rx.Kube.Benchmarks.RealServer;
using Rx.Kube.Benchmarks.WholePath;
using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.Benchmarks.Areas;

/// <summary>
/// Every endpoint of W3 changes. On a real API server, as fast as it takes writes: after what time a client is up to date again (area
/// <c>latency</c>). From memory: the cost of the storm, and the largest heap meanwhile (area <c>wire</c>).
/// </summary>
internal static class StormComparison
{
    private const string Area = "latency";

    public static IEnumerable<ComparedRow> Canned(CompareOptions options)
    {
        var slices = options.Pick(dry: 10, quick: 150, full: 1500);
        foreach (var (change, what, least) in new[]
        {
            (SliceChange.OneEndpoint, "one endpoint of each slice changes", 0), (SliceChange.AllEndpoints, "all endpoints change", 1 / 1.5),
        })
        {
            var storm = $"storm: {slices * 100:N0} endpoints, {what}";
            var workload = new SliceWorkload(slices, 100, change);
            using var files = new WorkloadFiles(workload);
            using var ours = new RxKubePath(workload) { MeasuresHeap = true };

            // Before the others are there, whose memory is in the same heap; and without the bytes of the workload.
            var other = GC.GetTotalMemory(forceFullCollection: true);
            ours.Start();
            var steady = (double)GC.GetTotalMemory(forceFullCollection: true) - other;
            ours.Round();
            var largest = ours.LargestHeap - other;
            var measured = Contest.Run(
                [
                    ours, new KubernetesClientPath(workload, folds: false),
                    .. RxKubePath.NoProtobuf is null ? [new RxKubePath(new ProtobufRounds(workload, files))] : (Contestant[])[],
                    .. ClientGo.BuiltFormats.Select(format => ClientGoPath.Start(format, files)),
                ],
                options.Pick(dry: 1, quick: 2, full: 5), TimeSpan.Zero);
            foreach (var row in Contest.Rows(
                "wire", storm, measured, [("KubernetesClient", 0), ("client-go json", 0), ("client-go protobuf", least)]))
            {
                yield return row;
            }

            var protobuf = $"{storm}, protobuf: processor time an event";
            yield return measured.TryGetValue(RxKubePath.ProtobufName, out var of)
                ? ComparedRow.Times(
                    "wire", protobuf, of.Time, measured["client-go protobuf"].Time, "client-go protobuf", "us", least)
                : ComparedRow.NotRun("wire", protobuf, "client-go protobuf", ComparedRow.AtLeast(least), RxKubePath.NoProtobuf!);
            yield return ComparedRow.AtMost("wire", $"{storm}: largest heap by the steady one", largest / steady, "", 2);
        }
    }

    public static IEnumerable<ComparedRow> NotRun(string reason) =>
    [
        ComparedRow.NotRun(Area, "storm: every endpoint of W3 changes: behind the last write", null, "<= 1000 ms", reason),
    ];

    public static async IAsyncEnumerable<ComparedRow> RowsAsync(ServerSource source, CompareOptions options)
    {
        var slices = options.Pick(dry: 8, quick: 100, full: 1500);
        var what = $"storm: all {slices * 100:N0} endpoints change";
        using var server = await LatencyComparison.RealServerFolder.StartAsync(source);
        var writer = new SliceWriter(server.Client(), new SliceWorkload(slices, 100, SliceChange.AllEndpoints, repeats: 0));
        await writer.CreateAsync();
        double? ours = null;
        foreach (var (name, open) in server.Readers(toRing: false))
        {
            writer.Began.Clear();
            var reader = open();
            await Task.Delay(options.Pick(dry: 500, quick: 700, full: 3000));
            var perSecond = await writer.WriteAsync(slices);
            var end = Clock.Now;
            await Task.Delay(options.Pick(dry: 100, quick: 500, full: 2000));
            await reader.DisposeAsync();
            var missing = writer.Began.Keys.Count(version => !reader.Seen.ContainsKey(version));
            var behind = missing > 0 ? double.PositiveInfinity
                : Math.Max(0, (writer.Began.Keys.Max(version => reader.Seen[version]) - end) / 1e6);
            if (ours is null)
            {
                ours = behind;
                yield return ComparedRow.AtMost(Area, $"{what}, {perSecond:0} slices a second: behind the last write", behind, "ms", 1000);
            }
            else
            {
                yield return new ComparedRow(
                    Area, $"{what}: behind the last write", ours, behind, "ms", behind / ours, "none", true)
                { PeerName = name };
            }
        }

        foreach (var format in ClientGo.Formats.Except(ClientGo.BuiltFormats))
        {
            yield return ComparedRow.NotRun(
                Area, $"{what}: behind the last write", $"client-go {format}", "none", ClientGo.Missing!);
        }
    }
}
