using System.Reactive.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Operators;
using Rx.Kube.Tests.Rings;

namespace Rx.Kube.Tests.Docs;

/// <summary>Each operator has a page, and the diagram on it is run.</summary>
public sealed partial class OperatorPagesTests
{
    private const string Folder = "docs/operators";

    // The code here is the code in the diagrams.
    private static readonly Dictionary<string, (Operator Apply, string Code)> _operators = new()
    {
        ["changes"] = Of((source, _) => source.Changes()),
        ["distinct-until-members-changed"] = Of((source, _) => source.DistinctUntilMembersChanged()),
        ["hold-departures"] = Of((source, clock) => source.HoldDepartures(Ms(5), clock)),
        ["where-in-zone"] = Of((source, _) => source.WhereInZone("a")),
        ["observe-latest"] = Of((source, clock) => source.ObserveLatest(BusyForEachValue(Ms(5), clock))),
        ["ownership"] = Of((source, _) => source.ToRingView().Ownership("cache-0")),
        ["reconnect"] = Of((source, clock) => source.Reconnect(Waits(Ms(4), Ms(8)), scheduler: clock).Take(4)),
        ["settle"] = Of((source, clock) => source.Settle(quiet: Ms(4), atMost: Ms(10), clock)),
        ["share-latest"] = Of((source, clock) => source.ShareLatest().ForASubscriberThatComesAfter(Ms(5), clock)),
        ["skip-until-at-least"] = Of((source, _) => source.SkipUntilAtLeast("3")),
        ["where-synced"] = Of((source, _) => source.WhereSynced()),
        ["to-hash-ring"] = Of((source, _) => source.ToHashRing()),
        ["to-ring-view"] = Of((source, _) => source.ToRingView(new() { Weight = e => e.Zone == "a" ? 2 : 1 })),
        ["where-endpoints"] = Of((source, _) => source.WhereEndpoints(e => e.Zone == "a" && e.Ready)),
        ["where-members"] = Of((source, _) => source.WhereMembers(m => m != "cache-0")),
        ["where-not-terminating"] = Of((source, _) => source.WhereNotTerminating()),
        ["where-ready"] = Of((source, _) => source.WhereReady()),
        ["with-replicas"] = Of((source, _) => source.ToHashRing().WithReplicas(2)),
    };

    private delegate IObservable<object> Operator(IObservable<ServiceTopology> source, VirtualClock clock);

    public static TheoryData<string> Pages => [.. _operators.Keys];

    [Fact]
    public void Every_operator_has_its_page_and_is_in_the_index()
    {
        var operators = typeof(KubeObservable).GetMethods().Where(IsOnSnapshotsOrRings)
            .Select(m => $"{Folder}/{Hump().Replace(m.Name, "-").ToLowerInvariant()}.md")
            .Distinct().Order(StringComparer.Ordinal).ToList();

        var missing = operators.Except(_operators.Keys.Select(p => $"{Folder}/{p}.md")).ToList();
        Assert.True(
            missing.Count == 0,
            $"An operator has no page. To fix: write {string.Join(", ", missing)} (where-synced.md is an example), link it in " +
            $"{Folder}/README.md, and add its row to _operators in OperatorPagesTests.cs and its sample to OperatorSamples.cs.");
        Assert.Equal(operators, _operators.Keys.Select(p => $"{Folder}/{p}.md").Order(StringComparer.Ordinal));
        var pages = Markdown.Documents.Where(d => d.StartsWith(Folder, StringComparison.Ordinal));
        Assert.Equal([$"{Folder}/README.md"], pages.Except(operators));
        Assert.Equal([], operators.Except(Markdown.Links($"{Folder}/README.md")));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_diagram_is_what_happens(string page)
    {
        var diagram = Assert.Single(Markdown.Blocks($"{Folder}/{page}.md", "marbles"));
        var rows = Row().Matches(diagram).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["marbles"].Value);
        var texts = Text().Matches(diagram).ToDictionary(m => m.Groups["key"].Value[0], m => m.Groups["text"].Value);
        var (apply, code) = _operators[page];
        Assert.Equal(code, Assert.Single(Call().Matches(diagram)).Groups["code"].Value);

        // A key without a text is a snapshot with one member of that name; a digit is also its version.
        string TextOf(char key) => texts.GetValueOrDefault(key, $"{key}");
        static string VersionOf(char key) => char.IsAsciiDigit(key) ? $"{key}" : "1";
        var clock = new VirtualClock();
        var source = clock.Cold(rows["source"], key => TopologyText.Snapshot(TextOf(key), VersionOf(key)));
        var result = apply(source, clock)
            .Select(value => value is ServiceTopology or TopologyDiff ? TopologyText.Text(value) : RingText.Of(value));
        clock.Expect(result, "^ 1s !").ToBe(rows["result"], TextOf);
        Assert.Equal([], texts.Keys.Except(rows["source"] + rows["result"]));
    }

    private static (Operator Apply, string Code) Of(Operator apply, [CallerArgumentExpression(nameof(apply))] string code = "") =>
        (apply, code[(code.IndexOf("=> source", StringComparison.Ordinal) + 9)..]);

    // A thread that needs some time for each value.
    private static BusyScheduler BusyForEachValue(TimeSpan time, VirtualClock clock) => new(time, clock);

    private static Backoff Waits(TimeSpan initial, TimeSpan max) => new() { Initial = initial, Max = max, Jitter = 0 };

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    // From a stream of snapshots, of rings, or of anything, to a stream. Joins have no page; a task or an enumerable shares one.
    private static bool IsOnSnapshotsOrRings(MethodInfo method) =>
        method.IsDefined(typeof(ExtensionAttribute), false) && method.ReturnType != typeof(IObservable<JoinedTopology>) &&
        method.ReturnType is { IsGenericType: true } result && result.GetGenericTypeDefinition() == typeof(IObservable<>) &&
        method.GetParameters()[0].ParameterType is { IsGenericType: true } source &&
        source.GetGenericTypeDefinition() == typeof(IObservable<>) &&
        source.GetGenericArguments()[0] is var of &&
        (of.IsGenericParameter || of == typeof(ServiceTopology) || IsRing(of));

    private static bool IsRing(Type type) => type == typeof(RingView) ||
        (type.IsGenericType && type.GetGenericTypeDefinition() is var kind &&
         (kind == typeof(IRangedRing<>) || kind == typeof(ReplicatedRing<>)));

    [GeneratedRegex(@"^(?<name>source|result) +(?<marbles>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^ +(?<code>\..+)$", RegexOptions.Multiline)]
    private static partial Regex Call();

    [GeneratedRegex(@"^(?<key>\S) = (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Text();

    [GeneratedRegex(@"(?<=[a-z])(?=[A-Z])")]
    private static partial Regex Hump();
}
