using System.Diagnostics;
using System.Globalization;
using Rx.Kube.Benchmarks.Peers;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Areas;

/// <summary>
/// From the first request to the first complete state of 150,000 endpoints, each time in a fresh process, and once more in a process
/// that has done it before.
/// </summary>
internal static class ColdComparison
{
    private const string Area = "cold";

    private const string Protobuf = "client-go protobuf";

    // The peers, with the goals for the ratio of times.
    private static readonly (string Name, double Least)[] Goals =
        [("JSON reader alone", 0), ("KubernetesClient's list", 3), ("client-go json", 1), (Protobuf, 0)];

    public static IEnumerable<ComparedRow> Rows(CompareOptions options)
    {
        var slices = options.Pick(dry: 20, quick: 150, full: 1500);
        using var files = new WorkloadFiles(new SliceWorkload(slices, 100, repeats: 0));
        var endpoints = (slices * 100).ToString(CultureInfo.InvariantCulture);
        var what = slices == 1500 ? "W3" : $"{slices * 100:N0} endpoints";
        string? protobuf = null;
        var clients = new Dictionary<string, Func<Process>>
        {
            ["Rx.Kube, pages"] = () => ColdBuild.Jit.Start("pages", files.Folder, endpoints),
            ["Rx.Kube, streaming list"] = () => ColdBuild.Jit.Start("streaming", files.Folder, endpoints),
            ["JSON reader alone"] = () => ColdBuild.Jit.Start("reader", files.Folder, endpoints),
            ["KubernetesClient's list"] = () => ColdBuild.Jit.Start("kubernetesclient", files.Folder, endpoints),
        };
        if (RxKubePath.NoProtobuf is null)
        {
            protobuf = Path.GetDirectoryName(files.EncodeAsProtobuf())!;
            clients["Rx.Kube, protobuf"] = () => ColdBuild.Jit.Start("protobuf", protobuf, endpoints);
        }

        foreach (var build in ColdBuild.Others.Where(build => build.Missing is null))
        {
            clients[$"Rx.Kube, pages, {build.Name}"] = () => build.Start("pages", files.Folder, endpoints);
            if (protobuf is not null)
            {
                clients[$"Rx.Kube, protobuf, {build.Name}"] = () => build.Start("protobuf", protobuf, endpoints);
            }
        }

        foreach (var format in ClientGo.BuiltFormats)
        {
            clients[$"client-go {format}"] = () => ClientGo.Start(
                "cold", "--format", format, "--list", files.List, "--namespace", SliceWorkload.Namespace);
        }

        var starts = clients.Keys.ToDictionary(name => name, _ => new List<ColdStart>());
        for (var round = 0; round < options.Pick(1, 1, 6); round++)
        {
            foreach (var (name, start) in clients)
            {
                starts[name].Add(Run(start));
            }
        }

        foreach (var way in new[] { "pages", "streaming list" })
        {
            foreach (var row in RowsOf(what, way, starts))
            {
                yield return row;
            }
        }

        if (RxKubePath.NoProtobuf is { } reason)
        {
            yield return ComparedRow.NotRun(
                Area, $"{what} in a fresh process, protobuf: time", Protobuf, ComparedRow.AtLeast(1 / 1.2), reason);
        }
        else
        {
            foreach (var row in RowsOf(what, "protobuf", starts))
            {
                yield return row;
            }
        }

        foreach (var row in ColdBuild.Others.SelectMany(build => RowsOf(what, build, starts)))
        {
            yield return row;
        }

        foreach (var row in Warm(what, files, protobuf, slices * 100, options))
        {
            yield return row;
        }
    }

    private static IEnumerable<ComparedRow> RowsOf(string what, string way, Dictionary<string, List<ColdStart>> starts)
    {
        var ours = starts["Rx.Kube, " + way];
        var workload = $"{what} in a fresh process, {way}";
        Figures Of(List<ColdStart> of, Func<ColdStart, double> figure) => new([.. of.Select(figure)]);
        foreach (var (name, ofJson) in Goals)
        {
            var least = way == "protobuf" && name == Protobuf ? 1 / 1.2 : ofJson;
            if (!starts.TryGetValue(name, out var peer))
            {
                yield return ComparedRow.NotRun(Area, $"{workload}: time", name, ComparedRow.AtLeast(least), ClientGo.Missing!);
                yield return ComparedRow.NotRun(Area, $"{workload}: processor time", name, ComparedRow.AtLeast(0), ClientGo.Missing!);
                yield return ComparedRow.NotRun(Area, $"{workload}: allocated", name, ComparedRow.AtLeast(0), ClientGo.Missing!);
                continue;
            }

            yield return ComparedRow.Times(
                Area, $"{workload}: time", Of(ours, c => c.Milliseconds), Of(peer, c => c.Milliseconds), name, "ms", least);
            yield return ComparedRow.Times(
                Area, $"{workload}: processor time", Of(ours, c => c.ProcessorMilliseconds), Of(peer, c => c.ProcessorMilliseconds), name,
                "ms", 0);
            yield return ComparedRow.Times(
                Area, $"{workload}: allocated", Of(ours, c => c.AllocatedBytes / 1e6), Of(peer, c => c.AllocatedBytes / 1e6), name,
                "MB", 0);
        }

        yield return ComparedRow.AtMost(
            Area, $"{workload}: largest resident memory by the steady one", Of(ours, c => c.PeakBytes / c.SteadyBytes), "", 1.3);
        yield return ComparedRow.AtMost(
            Area, $"{workload}: largest resident memory", Of(ours, c => c.PeakBytes / 1e6), "MB", null);
    }

    // What else a user may publish: the goals are those of the format.
    private static IEnumerable<ComparedRow> RowsOf(string what, ColdBuild build, Dictionary<string, List<ColdStart>> starts)
    {
        foreach (var (way, name, least) in new[] { ("pages", "client-go json", 1), ("protobuf", Protobuf, 1 / 1.2) })
        {
            var workload = $"{what} in a fresh process, {way}, {build.Name}: time";
            var missing = build.Missing ?? ClientGo.Missing ?? (way == "protobuf" ? RxKubePath.NoProtobuf : null);
            yield return missing is not null ? ComparedRow.NotRun(Area, workload, name, ComparedRow.AtLeast(least), missing)
                : ComparedRow.Times(
                    Area, workload, new([.. starts[$"Rx.Kube, {way}, {build.Name}"].Select(c => c.Milliseconds)]),
                    new([.. starts[name].Select(c => c.Milliseconds)]), name, "ms", least);
        }
    }

    private static IEnumerable<ComparedRow> Warm(
        string what, WorkloadFiles files, string? protobuf, int endpoints, CompareOptions options)
    {
        var list = CannedList.Read(files.Folder);
        string[] clients = ["pages", "streaming", "kubernetesclient"];
        var times = clients.ToDictionary(client => client, _ => new List<double>());
        for (var round = 0; round < options.Pick(1, 3, 9); round++)
        {
            foreach (var client in clients)
            {
                times[client].Add(ColdStart.Measure(() => ColdClient.Clients[client](list, endpoints)).Milliseconds);
            }
        }

        foreach (var way in clients[..2])
        {
            yield return ComparedRow.Times(
                Area, $"{what} in a warm process, {way}: time", new([.. times[way]]), new([.. times["kubernetesclient"]]),
                "KubernetesClient's list", "ms", 3);
        }

        var inProtobuf = $"{what} in a warm process, protobuf: time";
        if (protobuf is null)
        {
            yield return ComparedRow.NotRun(Area, inProtobuf, Protobuf, ComparedRow.AtLeast(1 / 1.2), RxKubePath.NoProtobuf!);
            yield break;
        }

        // One more round than counts, because the first one is not warm. In turns of all rounds: client-go repeats in one process.
        var rounds = 1 + options.Pick(1, 3, 9);
        using var process = ClientGo.Start(
            "cold", "--format", "protobuf", "--list", files.List, "--namespace", SliceWorkload.Namespace, "--rounds", $"{rounds}");
        double[] theirs = [.. Enumerable.Range(0, rounds).Select(_ => StartOf(process).Milliseconds)];
        process.WaitForExit();
        var ours = CannedList.Read(protobuf);
        double[] mine =
        [
            .. Enumerable.Range(0, rounds).Select(
                _ => ColdStart.Measure(() => ColdClient.Clients["protobuf"](ours, endpoints)).Milliseconds),
        ];
        yield return ComparedRow.Times(Area, inProtobuf, new(mine[1..]), new(theirs[1..]), Protobuf, "ms", 1 / 1.2);
    }

    private static ColdStart Run(Func<Process> start)
    {
        using var process = start();
        var cold = StartOf(process);
        process.WaitForExit();
        return cold;
    }

    private static ColdStart StartOf(Process process) => ColdStart.Parse(
        process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The client printed nothing."));
}
