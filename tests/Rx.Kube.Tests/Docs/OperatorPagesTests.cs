using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Rx.Kube.Operators;
using Rx.Kube.Rings;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Operators;
using Rx.Kube.Tests.Rings;
using Rx.Kube.Topology;

namespace Rx.Kube.Tests.Docs;

/// <summary>Each operator has a page; its diagram is read from it and run.</summary>
public sealed partial class OperatorPagesTests
{
    private const string Folder = "docs/operators";

    // What stands here is what stands in the diagrams.
    private static readonly Dictionary<string, (Operator Apply, string Code)> _operators = new()
    {
        ["changes"] = Of((source, _) => source.Changes()),
        ["distinct-members"] = Of((source, _) => source.DistinctMembers()),
        ["hold-departures"] = Of((source, clock) => source.HoldDepartures(Ms(5), clock)),
        ["in-zone"] = Of((source, _) => source.InZone("a")),
        ["ownership"] = Of((source, _) => source.ToHashRing().Ownership("cache-0")),
        ["settle"] = Of((source, clock) => source.Settle(quiet: Ms(4), atMost: Ms(10), clock)),
        ["synced-only"] = Of((source, _) => source.SyncedOnly()),
        ["to-hash-ring"] = Of((source, _) => source.ToHashRing()),
        ["to-ring-view"] = Of((source, _) => source.ToRingView(new() { Weight = e => e.Zone == "a" ? 2 : 1 })),
        ["where-endpoints"] = Of((source, _) => source.WhereEndpoints(e => e.Zone == "a" && e.Ready)),
        ["where-members"] = Of((source, _) => source.WhereMembers(m => m != "cache-0")),
        ["where-ready"] = Of((source, _) => source.WhereReady()),
        ["with-replicas"] = Of((source, _) => source.ToHashRing().WithReplicas(2)),
    };

    private delegate IObservable<object> Operator(IObservable<ServiceTopology> source, VirtualClock clock);

    public static TheoryData<string> Pages => [.. _operators.Keys];

    [Fact]
    public void Every_operator_has_its_page_and_is_in_the_index()
    {
        var operators = typeof(SettleOperator).Assembly.GetExportedTypes()
            .Where(t => t.Namespace == typeof(SettleOperator).Namespace || t.Namespace == typeof(OwnershipOperator).Namespace)
            .SelectMany(t => t.GetMethods().Where(m => m.IsDefined(typeof(ExtensionAttribute), false)))
            .Select(m => $"{Folder}/{Hump().Replace(m.Name, "-").ToLowerInvariant()}.md")
            .Distinct().Order(StringComparer.Ordinal).ToList();

        Assert.Equal(operators, _operators.Keys.Select(p => $"{Folder}/{p}.md").Order(StringComparer.Ordinal));
        Assert.Equal([$"{Folder}/README.md"], Markdown.Documents.Where(d => d.StartsWith(Folder, StringComparison.Ordinal)).Except(operators));
        Assert.Equal([], operators.Except(Markdown.Links($"{Folder}/README.md")));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_diagram_is_what_happens(string page)
    {
        var diagram = Assert.Single(Markdown.Blocks($"{Folder}/{page}.md", "marbles"));
        var rows = Row().Matches(diagram).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["marbles"].Value);
        var words = Word().Matches(diagram).ToDictionary(m => m.Groups["key"].Value[0], m => m.Groups["text"].Value);
        var (apply, code) = _operators[page];
        Assert.Equal(code, Assert.Single(Call().Matches(diagram)).Groups["code"].Value);

        // A key without a word is a snapshot with that one member.
        string Text(char key) => words.GetValueOrDefault(key, $"{key}");
        var clock = new VirtualClock();
        var source = clock.Cold(rows["source"], key => TopologyText.Snapshot(Text(key)));
        clock.Expect(apply(source, clock).Select(value => value is ServiceTopology or TopologyDiff ? TopologyText.Text(value) : RingText.Of(value)), "^ 1s !").ToBe(rows["result"], Text);
        Assert.Equal([], words.Keys.Except(rows["source"] + rows["result"]));
    }

    private static (Operator Apply, string Code) Of(Operator apply, [CallerArgumentExpression(nameof(apply))] string code = "") =>
        (apply, code[(code.IndexOf("=> source", StringComparison.Ordinal) + 9)..]);

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    [GeneratedRegex(@"^(?<name>source|result) +(?<marbles>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^ +(?<code>\..+)$", RegexOptions.Multiline)]
    private static partial Regex Call();

    [GeneratedRegex(@"^(?<key>\S) = (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<=[a-z])(?=[A-Z])")]
    private static partial Regex Hump();
}
