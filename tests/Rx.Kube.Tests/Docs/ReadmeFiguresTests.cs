namespace Rx.Kube.Tests.Docs;

/// <summary>The figures of the README are those of <c>docs/performance.md</c>, which <c>benchmarks/report.cs</c> fills.</summary>
public sealed class ReadmeFiguresTests
{
    private const string Page = "docs/performance.md";

    [Fact]
    public void The_figures_of_the_readme_are_those_of_the_last_report() => Markdown.HasLines("README.md", "figures", Figures());

    [Fact]
    public void The_readme_shows_one_plot_and_where_its_figures_are_from()
    {
        var links = Markdown.Links("README.md").ToList();
        Assert.Single(links, link => link.StartsWith("docs/images/performance-", StringComparison.Ordinal));
        Assert.Contains(Page, links);
    }

    private static string Figures()
    {
        var (wire, latency, goals) = (Table("wire"), Table("latency"), Table("goals"));
        var (time, late) = (wire["W1: processor time an event"], latency["20 events a second: write to ring, p99, 1,000 endpoints"]);
        var lookup = goals["lookup, 1000 members, beside binary search"];
        return $"""
            | | Rx.Kube | beside |
            | --- | --- | --- |
            | processor time of an event, which changes one of 100 endpoints, from the bytes to the snapshot | {Own(time)} | {Peer(
                time, "KubernetesClient")}, {Peer(time, "client-go protobuf")} |
            | time of a lookup of a key among 1,000 members | {Own(lookup)} | binary search {lookup["beside"].Split(' ')[^1]} |
            | from a write on a real API server to the new ring, p99 | {Own(late)} | {Peer(late, "bare HTTP/2 reader")} |

            """.ReplaceLineEndings("\n");
    }

    private static string Own(Dictionary<string, string> row) => row["Rx.Kube"].Replace(" us", " µs", StringComparison.Ordinal);

    private static string Peer(Dictionary<string, string> row, string name) =>
        row[name].Length > 0 ? $"{name} {row[name]}" : throw new InvalidOperationException($"{Page} has no figure of {name}");

    /// <summary>A table of the page: each row by its workload, each cell by its column.</summary>
    private static Dictionary<string, Dictionary<string, string>> Table(string name)
    {
        var page = Repository.Read(Page);
        var begin = page.IndexOf($"<!-- table: {name} -->\n", StringComparison.Ordinal);
        string[][] lines =
        [
            .. page[begin..page.IndexOf("<!-- end -->", begin, StringComparison.Ordinal)].Split('\n')
                .Where(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
        ];
        return lines.Skip(2).Select(cells => lines[0].Zip(cells).ToDictionary())
            .DistinctBy(row => row["workload"]).ToDictionary(row => row["workload"]);
    }
}
