#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property UsesNewestReactive=false
#:property NoWarn=$(NoWarn);CS1591
#:package ScottPlot
// Draws the plots of docs/performance.md, and fills its tables, from the rows of compare.
// Usage: dotnet run -c Release --project benchmarks/Rx.Kube.Benchmarks -- compare --json rows.json
//        dotnet run benchmarks/report.cs -- rows.json docs
// Of several files, which are runs, each row comes from the median run; the goals have the minimum, too.
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ScottPlot;

if (args is not [.. { Length: > 0 } files, var folder])
{
    Console.Error.WriteLine("Usage: dotnet run benchmarks/report.cs -- ROWS.json [ROWS.json ...] DOCS-FOLDER");
    return 2;
}

Row[] rows =
[
    .. files.SelectMany(Rows).GroupBy(row => (row.Area, row.Workload, row.PeerName, row.Goal)).Select(runs => Row.Median([.. runs])),
];
Save(BySize(), "performance-slice-size.svg");
Save(BySlices(), "performance-slices.svg");
Save(Latencies("20 events a second"), "performance-latency.svg");
var page = Path.Combine(folder, "performance.md");
File.WriteAllText(page, Regex.Replace(
    File.ReadAllText(page), @"(?<=^<!-- table: (\w+) -->\n)(?:.*\n)*?(?=^<!-- end -->)",
    block => block.Groups[1].Value == "goals" ? Goals() : AreaTable(block.Groups[1].Value) ?? block.Value, RegexOptions.Multiline));
return 0;

static IEnumerable<Row> Rows(string file)
{
    using var document = JsonDocument.Parse(File.ReadAllText(file));
    return [.. document.RootElement.EnumerateArray().Select(Row.Of)];
}

// Every row that has a goal.
string Goals()
{
    var table = new StringBuilder(
        "| area | workload | Rx.Kube | beside | ratio | goal | met |\n| --- | --- | --- | --- | --- | --- | --- |\n");
    foreach (var row in rows.Where(row => row.Goal != "none"))
    {
        var beside = row.PeerName is null && row.Peer is null ? "" : $"{row.PeerName ?? "peer"} {Figure(row.Peer)}".Trim();
        var ours = Figure(row.Ours) + (row.Ratio is null ? Least(row) : "");
        var ratio = row.Ratio is null ? "" : Figure(row.Ratio) + Least(row);
        table.Append(CultureInfo.InvariantCulture,
            $"| {row.Area} | {row.Workload} | {ours} {row.Unit} | {beside} | {ratio} | {row.Goal} | " +
            $"{(row.IsMet ? "yes" : row.Reason is null ? "no" : $"no: {row.Reason}")} |\n");
    }

    return table.ToString();

    static string Least(Row row) =>
        row.Least is { } least && Figure(least) != Figure(row.Ratio ?? row.Ours) ? $" (min {Figure(least)})" : "";
}

// The workloads of an area, with a column for each peer; one column if none has more than one peer. Null if the area was not measured.
string? AreaTable(string area)
{
    var own = rows.Where(row => row.Area == area).ToList();
    if (own.Count == 0)
    {
        return null;
    }

    if (own.GroupBy(row => row.Workload).All(workload => workload.Count() == 1))
    {
        own = [.. own.Select(row => row.PeerName is null ? row : row with { PeerName = "beside", PeerText = row.PeerName + " " })];
    }

    string[] peers = [.. own.Select(row => row.PeerName).OfType<string>().Distinct()];
    var table = new StringBuilder("| ")
        .AppendJoin(" | ", peers.Select(peer => peer == "Rx.Kube" ? "Rx.Kube, JSON" : peer).Prepend("Rx.Kube").Prepend("workload"))
        .Append(" |\n| ")
        .AppendJoin(" | ", Enumerable.Repeat("---", peers.Length + 2)).Append(" |\n");
    foreach (var workload in own.GroupBy(row => row.Workload))
    {
        var cells = peers.Select(peer => workload.FirstOrDefault(row => row.PeerName == peer) is { } row
            ? row.PeerText + Figure(row.Peer) : "");
        var ours = workload.First() is { Ours: { } measured, Unit: var unit } ? $"{Figure(measured)} {unit}" : "";
        table.Append("| ").AppendJoin(" | ", cells.Prepend(ours).Prepend(workload.Key)).Append(" |\n");
    }

    return table.ToString();
}

// Processor time of an event, by the number of endpoints in its slice: both axes logarithmic.
Plot BySize()
{
    var plot = Titled("Processor time of an event, body to snapshot", "endpoints in the slice", "µs");
    const string Sized = @"^(?:\d+ slices of (\d+)|W1)(, protobuf)?: processor time an event$";
    var sized = rows.Select(row => (row, match: Regex.Match(row.Workload, Sized)))
        .Where(x => x.match.Success)
        .Select(x => (
            x.row, isProtobuf: x.match.Groups[2].Success,
            size: x.match.Groups[1].Success ? double.Parse(x.match.Groups[1].Value, CultureInfo.InvariantCulture) : 100))
        .ToList();
    AddLine(plot, "Rx.Kube", sized.Where(x => !x.isProtobuf && x.row.PeerName is null).Select(x => (x.size, x.row.Ours)), isOurs: true);
    AddLine(
        plot, "Rx.Kube, protobuf", sized.Where(x => x.isProtobuf).DistinctBy(x => x.size).Select(x => (x.size, x.row.Ours)), isOurs: true);
    foreach (var peer in sized.Where(x => !x.isProtobuf && x.row.PeerName is not null).GroupBy(x => x.row.PeerName!))
    {
        AddLine(plot, peer.Key, peer.Select(x => (x.size, x.row.Peer)));
    }

    return WithLogarithms(plot, vertical: true);
}

// Processor time of the fold of an event, by the number of slices: logarithmic to the right only, so that a rising cost shows.
Plot BySlices()
{
    var plot = Titled("Processor time of the fold of an event", "slices", "µs");
    var sized = rows.Select(row => (row, match: Regex.Match(row.Workload, @"^(.*): (\d+) slices: processor time an event$")))
        .Where(x => x.match.Success);
    foreach (var what in sized.GroupBy(x => x.match.Groups[1].Value))
    {
        AddLine(plot, what.Key, what.Select(x => (double.Parse(x.match.Groups[2].Value, CultureInfo.InvariantCulture), x.row.Ours)));
    }

    return WithLogarithms(plot, vertical: false);
}

// Write to visible on the real server, by percentile.
Plot Latencies(string load)
{
    var plot = Titled($"Write to visible on a real API server, {load}", "percentile", "ms");
    var seen = rows.Select(row => (row, match: Regex.Match(row.Workload, $@"^{load}: write to (?:ring|visible), p([\d.]+),")))
        .Where(x => x.match.Success).ToList();
    string[] percents = [.. seen.Select(x => x.match.Groups[1].Value).Distinct()];
    double PositionOf(Match match) => Array.IndexOf(percents, match.Groups[1].Value);
    var toRing = seen.Where(x => x.row.Workload.Contains("to ring", StringComparison.Ordinal)).ToList();
    AddLine(plot, "Rx.Kube, to the ring", toRing.Select(x => (PositionOf(x.match), x.row.Ours)), isOurs: true);
    foreach (var peer in seen.Where(x => x.row.PeerName is not null).GroupBy(x => x.row.PeerName!))
    {
        AddLine(plot, peer.Key, peer.Select(x => (PositionOf(x.match), x.row.Peer)));
    }

    plot.Axes.Bottom.SetTicks([.. percents.Select((_, i) => (double)i)], [.. percents.Select(percent => $"p{percent}")]);
    plot.Axes.AutoScale();
    plot.Axes.SetLimitsY(0, 1.2 * plot.Axes.GetLimits().Top);
    return plot;
}

// Three digits are what the noise leaves.
static string Figure(double? value) => value switch
{
    null => "",
    >= 100 => value.Value.ToString("N0", CultureInfo.InvariantCulture),
    >= 10 => value.Value.ToString("0.#", CultureInfo.InvariantCulture),
    _ => value.Value.ToString("0.##", CultureInfo.InvariantCulture),
};

static Plot Titled(string title, string bottom, string left)
{
    var plot = new Plot();
    plot.Title(title);
    plot.XLabel(bottom);
    plot.YLabel(left);
    plot.ShowLegend(Alignment.UpperLeft);
    return plot;
}

static void AddLine(Plot plot, string name, IEnumerable<(double X, double? Y)> points, bool isOurs = false)
{
    (double X, double Y)[] known =
        [.. points.Where(point => point.Y is not null).Select(point => (point.X, point.Y!.Value)).OrderBy(point => point.X)];
    if (known.Length > 0)
    {
        var line = plot.Add.Scatter(known.Select(point => point.X).ToArray(), known.Select(point => point.Y).ToArray());
        (line.LegendText, line.LineWidth, line.MarkerSize) = (name, isOurs ? 4 : 1.5f, isOurs ? 9 : 6);
    }
}

// ScottPlot has linear axes only: the points are moved, and the ticks say what they were.
static Plot WithLogarithms(Plot plot, bool vertical)
{
    foreach (var line in plot.GetPlottables<ScottPlot.Plottables.Scatter>().ToList())
    {
        var points = line.Data.GetScatterPoints();
        var moved = plot.Add.Scatter(
            points.Select(point => Math.Log10(point.X)).ToArray(),
            points.Select(point => vertical ? Math.Log10(point.Y) : point.Y).ToArray(), line.Color);
        (moved.LegendText, moved.LineWidth, moved.MarkerSize) = (line.LegendText, line.LineWidth, line.MarkerSize);
        plot.Remove(line);
    }

    string LabelOf(double power) => Math.Pow(10, power).ToString("N0", CultureInfo.InvariantCulture);
    double[] sizes = [.. plot.GetPlottables<ScottPlot.Plottables.Scatter>().SelectMany(line => line.Data.GetScatterPoints())
        .Select(point => point.X).Distinct()];
    plot.Axes.Bottom.SetTicks(sizes, [.. sizes.Select(LabelOf)]);
    if (vertical)
    {
        double[] powers = [0, 1, 2, 3, 4, 5];
        plot.Axes.Left.SetTicks(powers, [.. powers.Select(LabelOf)]);
    }

    plot.Axes.AutoScale();
    if (!vertical)
    {
        plot.Axes.SetLimitsY(0, 1.3 * plot.Axes.GetLimits().Top);
    }

    return plot;
}

void Save(Plot plot, string name) => plot.SaveSvg(Path.Combine(folder, "images", name), 760, 440);

internal sealed record Row(
    string Area, string Workload, double? Ours, double? Peer, string? PeerName, string Unit, double? Ratio, string Goal, bool IsMet,
    string? Reason)
{
    /// <summary>Gets what is written before the figure of the peer.</summary>
    public string PeerText { get; init; } = "";

    /// <summary>Gets the least ratio of all runs; of a row without a peer, the least figure.</summary>
    public double? Least { get; private init; }

    /// <summary>Gets the row of the median run: by its ratio, or by its figure where there is no peer.</summary>
    public static Row Median(Row[] runs)
    {
        Row[] sorted = [.. runs.OrderBy(row => row.Ratio ?? row.Ours)];
        var median = sorted[0].Ratio is null ? sorted.Length / 2 : (sorted.Length - 1) / 2; // of two runs, the worse one
        return sorted[median] with { Least = sorted[0].Ratio ?? sorted[0].Ours };
    }

    public static Row Of(JsonElement row)
    {
        string? Text(string name) => row.GetProperty(name).GetString();
        double? Number(string name) => row.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
        return new(
            Text("area")!, Text("workload")!, Number("ours"), Number("peer"), Text("peerName"), Text("unit")!, Number("ratio"),
            Text("goal")!, row.GetProperty("met").GetBoolean(), Text("reason"));
    }
}
