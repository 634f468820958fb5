using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Rx.Kube.Hosting.Tests.Support;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Docs;
using YamlDotNet.RepresentationModel;

namespace Rx.Kube.Hosting.Tests.Docs;

/// <summary>docs/operations.md names metrics that exist, and has a paragraph for each cause.</summary>
public sealed class OperationsPageTests
{
    private static readonly string _page = File.ReadAllText(Path.Combine(Repository.Root, "docs/operations.md"));

    [Fact]
    public void Each_cause_has_its_paragraph() =>
        Assert.Equal(
            Enum.GetNames<InterruptionKind>().Order(),
            Regex.Matches(_page, "^### (.+)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value).Order());

    [Fact]
    public async Task Each_metric_and_label_of_the_page_is_one_that_prometheus_scrapes()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Apply(At(1, "10.0.0.1"));
        server.Cluster.Apply(Undecodable());
        await using var app = await TestApplication.StartAsync(server.Url, builder => builder.AddKubeTopology("cache"));
        using var blocks = new SemaphoreSlim(0);
        var topology = app.Services.GetRequiredService<IObservable<ServiceTopology>>();
        topology.Subscribe(_ => throw new InvalidOperationException("the subscriber"));
        topology.Subscribe(_ => blocks.Wait(Eventually.Patience));
        var metrics = "";
        var change = 1;
        await Eventually.TrueAsync(
            async () =>
            {
                // Changes that say when they were made, until one has arrived.
                server.Cluster.Apply(At(++change, $"10.0.0.{change % 250}"));
                metrics = (await app.GetAsync("/metrics")).Body;
                return Missing(metrics).Count == 0 || change > 200;
            },
            "each metric");

        blocks.Release(1000);
        Assert.Equal([], Missing(metrics));
        Assert.Contains("rxkube_watch_event_lag_seconds_bucket", metrics, StringComparison.Ordinal);
        Assert.Matches("rxkube_watch_list_duration_seconds_bucket.*le=\"0.25\"", metrics); // buckets for seconds
    }

    [Fact]
    public void The_rules_are_complete_and_their_values_are_those_of_the_telemetry()
    {
        var telemetry = File.ReadAllText(Path.Combine(Repository.Root, "docs/telemetry.md"));
        var rules = Rules();

        Assert.True(rules.Count >= 10, $"{rules.Count} rules");
        Assert.All(rules, rule =>
        {
            Assert.StartsWith("RxKube", Text(rule, "alert"), StringComparison.Ordinal);
            Assert.Contains(Text(rule["labels"], "severity"), new[] { "critical", "warning" });
            Assert.NotEmpty(Text(rule["annotations"], "summary"));
            Assert.All(
                Regex.Matches(Text(rule, "expr"), "\"([a-z_|]+)\"").SelectMany(match => match.Groups[1].Value.Split('|')),
                value => Assert.Contains($"`{value}`", telemetry, StringComparison.Ordinal));
        });
    }

    // What the page names and the scraped text does not have: a metric, or a label of a metric in an expression.
    private static List<string> Missing(string metrics)
    {
        var named = Regex.Matches(_page, @"\b(rxkube|k8s)_[a-z0-9_]+").Select(match => match.Value).Distinct();
        var series = Rules().SelectMany(rule => Regex.Matches(Text(rule, "expr"), @"(\w+)\{(\w+)[!=]"))
            .Select(match => $"{match.Groups[1]}{{[^}}]*\\b{match.Groups[2]}=").Distinct();
        return [.. named.Where(name => !Regex.IsMatch(metrics, $"\\b{name}\\b")), .. series.Where(regex => !Regex.IsMatch(metrics, regex))];
    }

    private static List<YamlNode> Rules()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Regex.Match(_page, "```yaml prometheus\n(.*?)```", RegexOptions.Singleline).Groups[1].Value));
        return [.. (YamlSequenceNode)yaml.Documents[0].RootNode["groups"][0]["rules"]];
    }

    private static string Text(YamlNode rule, string key) => ((YamlScalarNode)rule[key]).Value!;

    private static string At(int change, string address)
    {
        var slice = JsonNode.Parse(Slice.Of("cache-abc", service: "cache", @namespace: "prod").With("cache-0", address).Manifest())!;
        slice["metadata"]!["annotations"] = new JsonObject
        {
            ["endpoints.kubernetes.io/last-change-trigger-time"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ"),
        };
        slice["metadata"]!["labels"]!["change"] = $"c{change}";
        return slice.ToJsonString();
    }

    // More labels than are read (docs/reliability.md).
    private static string Undecodable()
    {
        var slice = JsonNode.Parse(Slice.Of("cache-broken", service: "cache", @namespace: "prod").Manifest())!;
        foreach (var i in Enumerable.Range(0, 4097))
        {
            slice["metadata"]!["labels"]![$"l{i}"] = "";
        }

        return slice.ToJsonString();
    }
}
