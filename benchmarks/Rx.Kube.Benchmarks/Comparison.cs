using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Rx.Kube.Benchmarks.Areas;
using Rx.Kube.Benchmarks.Peers;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// Measures the goals, Rx.Kube and its peers in one run: <c>dotnet run -c Release -- compare [--quick] [--json FILE] [AREA...]</c>.
/// </summary>
internal static class Comparison
{
    /// <summary>The areas, each with what measures it.</summary>
    public static readonly IReadOnlyDictionary<string, Func<CompareOptions, IEnumerable<ComparedRow>>> Areas =
        new Dictionary<string, Func<CompareOptions, IEnumerable<ComparedRow>>>
        {
            ["wire"] = WireComparison.Rows,
            ["fold"] = FoldComparison.Rows,
            ["rings"] = RingRows,
            ["latency"] = LatencyComparison.Rows,
            ["transport"] = TransportComparison.Rows,
            ["cold"] = ColdComparison.Rows,
            ["memory"] = MemoryComparison.Rows,
            ["fanout"] = FanoutComparison.Rows,
            ["rx"] = RxComparison.Rows,
            ["hostile"] = HostileComparison.Rows,
        };

    public static int Run(string[] args)
    {
        var json = Array.IndexOf(args, "--json") is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
        var options = new CompareOptions(args.Contains("--quick") ? Thoroughness.Quick : Thoroughness.Full);
        string[] areas = [.. args.Where(arg => arg is not ("--json" or "--quick") && arg != json)];
        if (areas.FirstOrDefault(area => !Areas.ContainsKey(area)) is { } unknown)
        {
            Console.Error.WriteLine(
                $"The area '{unknown}' does not exist. To fix: use one of {string.Join(", ", Areas.Keys)}. " +
                "Usage: compare [--quick] [--json FILE] [AREA...]");
            return 2;
        }

        var rows = new List<ComparedRow>();
        Console.WriteLine(Machine());
        Console.WriteLine(
            "Least figure of all rounds, and the median in brackets.\n" +
            "| area | workload | ours | peer | ratio | goal | met |\n| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var row in (areas.Length == 0 ? Areas.Keys : areas.AsEnumerable()).SelectMany(area => RowsOf(area, options)))
        {
            rows.Add(row);
            Console.WriteLine(
                $"| {row.Area} | {row.Workload} | {Figure(row.Ours, row.OursMedian, row.Unit)} | " +
                $"{row.PeerName}{(row.PeerName is null || row.Peer is null ? "" : ": ")}{Figure(row.Peer, row.PeerMedian, "")} | " +
                $"{Figure(row.Ratio, row.RatioOfMedians, "")} | {row.Goal} | {(row.Met ? "yes" : "no")}" +
                $"{(row.Reason is null ? "" : $": {row.Reason}")} |");
            if (json is not null)
            {
                // After each row, so that a run that is stopped leaves what it has measured.
                File.WriteAllText(json, JsonSerializer.Serialize(rows, JsonSerializerOptions.Web));
            }
        }

        return 0;
    }

    /// <summary>Gets the rows of an area; if it fails, the rows so far and one that says why.</summary>
    private static IEnumerable<ComparedRow> RowsOf(string area, CompareOptions options)
    {
        var begin = Stopwatch.GetTimestamp();
        using var rows = Areas[area](options).GetEnumerator();
        while (true)
        {
            ComparedRow? row;
            try
            {
                row = rows.MoveNext() ? rows.Current : null;
            }
            catch (Exception e)
            {
                row = ComparedRow.NotRun(area, "the rest of the area", null, "all", e.ToString().ReplaceLineEndings(" "));
            }

            if (row is null)
            {
                break;
            }

            yield return row;
        }

        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{area}: {Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s"));
    }

    /// <summary>What the figures depend on besides the code: one line, for the table in docs/performance.md.</summary>
    private static string Machine()
    {
        var processor = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        var load = File.Exists("/proc/loadavg") ? $", load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {processor?.Split(": ")[^1] ?? "unknown processor"}, "
            + $"{Environment.ProcessorCount} cores{load}, {RuntimeInformation.FrameworkDescription}, "
            + $"KubernetesClient {typeof(k8s.Kubernetes).Assembly.GetName().Version}, "
            + $"client-go {(ClientGo.Missing is null ? "built" : "not built")}");
    }

    private static IEnumerable<ComparedRow> RingRows(CompareOptions options)
    {
        RingComparison.Thoroughness = options.Thoroughness;
        var maglev = RingReport.Measure("maglev", members: 100, options.Pick(1 << 12, 1 << 12, 1 << 16)).MovedByIdeal;
        return RingComparison.Rows()
            .Append(new(
                "rings", $"maglev: moved / ideal, 100 members, {RingReport.Steps} joins and leaves", maglev, null, "", null, "none", true))
            .Concat(ReplicaComparison.Rows(options));
    }

    private static string Figure(double? least, double? median, string unit) =>
        least is null ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{least:0.##}{(median is null ? "" : $" ({median:0.##})")} {unit}").TrimEnd();
}
