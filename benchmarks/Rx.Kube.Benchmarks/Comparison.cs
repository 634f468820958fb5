using System.Globalization;
using System.Text.Json;

namespace Rx.Kube.Benchmarks;

/// <summary>Represents a row of <c>compare</c>: Rx.Kube and a peer on the same workload.</summary>
internal sealed record ComparedRow(
    string Area, string Workload, double? Ours, double? Peer, string Unit, double? Ratio, string Goal, bool Met)
{
    /// <summary>Creates a row whose ratio peer ÷ ours must be at least <paramref name="least"/>.</summary>
    public static ComparedRow Times(string area, string workload, double ours, double peer, string unit, double least) =>
        new(area, workload, ours, peer, unit, peer / ours, $">= {least:0.##}x", peer / ours >= least);

    /// <summary>Creates a row with an upper bound and without a peer.</summary>
    public static ComparedRow AtMost(string area, string workload, double ours, string unit, double most) =>
        new(area, workload, ours, null, unit, null, $"<= {most:0.##} {unit}", ours <= most);
}

/// <summary>
/// Measures the goals, Rx.Kube and its peers in one run: <c>dotnet run -c Release -- compare [--json FILE] [AREA...]</c>.
/// </summary>
internal static class Comparison
{
    private static readonly Dictionary<string, Func<IEnumerable<ComparedRow>>> Areas = new()
    {
        ["fold"] = MemoryMeasurement.FoldRows,
        ["memory"] = MemoryMeasurement.MemoryRows,
        ["rings"] = RingComparison.Rows,
        ["replicas"] = ReplicaComparison.Rows,
    };

    public static int Run(string[] args)
    {
        var json = Array.IndexOf(args, "--json") is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
        string[] areas = [.. args.Where(arg => arg != "--json" && arg != json)];
        if (areas.FirstOrDefault(area => !Areas.ContainsKey(area)) is { } unknown)
        {
            Console.Error.WriteLine(
                $"The area '{unknown}' does not exist. To fix: use one of {string.Join(", ", Areas.Keys)}. " +
                "Usage: compare [--json FILE] [AREA...]");
            return 2;
        }

        var rows = new List<ComparedRow>();
        Console.WriteLine("| area | workload | ours | peer | ratio | goal | met |\n| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var row in (areas.Length == 0 ? Areas.Keys : areas.AsEnumerable()).SelectMany(area => Areas[area]()))
        {
            rows.Add(row);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {row.Area} | {row.Workload} | {row.Ours:0.##} {row.Unit} | " +
                $"{row.Peer:0.##} | {row.Ratio:0.##} | {row.Goal} | {(row.Met ? "yes" : "no")} |"));
        }

        if (json is not null)
        {
            File.WriteAllText(json, JsonSerializer.Serialize(rows, JsonSerializerOptions.Web));
        }

        return 0;
    }
}
