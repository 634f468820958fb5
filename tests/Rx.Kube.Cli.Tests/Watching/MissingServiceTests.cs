using System.Reactive.Linq;
using System.Text.Json.Nodes;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Cli.Watching;
using Rx.Kube.Models;
using Rx.Kube.Simulator;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Watching;

/// <summary>No such Service, a Service without endpoints, and one without ready endpoints are three things in every output.</summary>
public sealed class MissingServiceTests
{
    private static readonly WatchEvent<EndpointSlice> _noSlices = new WatchEvent<EndpointSlice>.Listed([], "1");
    private static readonly WatchEvent<EndpointSlice> _noEndpoints = Listed("1");
    private static readonly WatchEvent<EndpointSlice> _noneReady = Listed("1", Pod("cache-0", "10.0.0.1", ready: false));
    private static readonly WatchEvent<EndpointSlice> _ready = Listed("1", Pod("cache-0", "10.0.0.1"));

    private const string NoSlices = "no EndpointSlice in namespace prod belongs to Service cache";
    private const string NoEndpoints = "no endpoints: the slice of the Service is empty";

    public static TheoryData<string, string, string[]> Outputs => new()
    {
        { "watch cache", "text", [NoSlices, NoEndpoints, "1 endpoint, none ready", "1 endpoint, 1 ready"] },
        { "watch cache", "json", ["noSlices", "noEndpoints", "noneReady", "ready"] },
        { "watch cache", "table", [NoSlices, NoEndpoints, "0 ready", "1 ready"] },
        { "ring cache", "text", [NoSlices, NoEndpoints, "1 member, none ready, HashRing/1(160)", "1 member, HashRing/1(160)"] },
        { "ring cache", "json", ["noSlices", "noEndpoints", "noneReady", "ready"] },
        { "ring cache", "table", [NoSlices, NoEndpoints, "1 member, none ready ", "1 member "] },
        { "explain cache key", "text", [$"none: {NoSlices}", $"none: {NoEndpoints}", "not ready", "cache-0"] },
        { "explain cache key", "json", ["noSlices", "noEndpoints", "noneReady", "ready"] },
    };

    [Theory]
    [MemberData(nameof(Outputs))]
    public async Task Three_kinds_of_absence_read_differently_from_each_other_and_from_a_healthy_Service(
        string command, string format, string[] expected)
    {
        var outputs = new HashSet<string>();
        foreach (var (list, text) in new[] { _noSlices, _noEndpoints, _noneReady, _ready }.Zip(expected))
        {
            var host = new FakeHost();
            string[] once = command.StartsWith("explain", StringComparison.Ordinal) ? [] : ["--once"];
            var run = host.RunAsync([.. command.Split(' '), "-o", format, .. once]);
            host.Emit(list);

            Assert.Equal(ExitCode.Stopped, await run);
            Assert.Contains(format == "json" ? $"\"presence\":\"{text}\"" : text, host.Out, StringComparison.Ordinal);
            Assert.True(outputs.Add(host.Out), $"{text} reads as another state does: {host.Out}");
        }

        Assert.Equal(4, outputs.Count);
    }

    [Fact]
    public async Task A_Service_that_is_deleted_while_it_is_watched_gets_a_line()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache");
        host.Emit(_noEndpoints, new WatchEvent<EndpointSlice>.Deleted(Slice(), "2"));
        host.Stop.OnNext(default);

        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal(2, host.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains($"= live at version 2: {NoSlices}", host.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelled_name_gets_the_nearest_ones_once()
    {
        var host = new FakeHost { Others = Observable.Return(Names("prod/cache-headless", "prod/cache", "prod/web")) };
        var run = host.RunAsync("watch", "cahce");
        host.Emit(_noSlices, _noSlices);
        host.Stop.OnNext(default);

        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal("rxkube: no EndpointSlice in namespace prod belongs to Service cahce. Did you mean cache?\n", host.Error);
    }

    [Fact]
    public async Task The_hint_comes_before_a_single_snapshot_and_waits_at_most_two_seconds()
    {
        var host = new FakeHost { Others = Observable.Never<IReadOnlyCollection<ServiceName>>() };
        var run = host.RunAsync("watch", "cache", "--once");
        host.Emit(_noSlices);
        host.AdvanceBy(1.9);
        Assert.False(run.IsCompleted);
        host.AdvanceBy(0.2);

        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Contains("To fix: check the name and the namespace (-n).", host.Error, StringComparison.Ordinal);
        Assert.NotEqual("", host.Out);
    }

    [Fact]
    public async Task The_live_table_shows_the_hint()
    {
        var host = new FakeHost { IsTerminal = true, Others = Observable.Return(Names("prod/cache")) };
        var run = host.RunAsync("watch", "cach");
        host.Emit(_noSlices);
        host.AdvanceBy(1);
        Assert.Contains("Did you mean cache?", host.Out, StringComparison.Ordinal);
        host.Stop.OnNext(default);
        Assert.Equal(ExitCode.Stopped, await run);
    }

    [Theory]
    [InlineData("prod/cache-headless prod/web", "Did you mean cache-headless?")]
    [InlineData("dev/cache prod/cachet", "To fix: add -n dev, where a Service of this name has slices.")]
    [InlineData("prod/web prod/api", "To fix: check the name; Services with slices in this namespace: api, web.")]
    [InlineData("", "No Service in this namespace has a slice. To fix: check the namespace (-n).")]
    [InlineData("prod/\u001b[31mcache", "Did you mean \\x1b[31mcache?")]
    public void The_hint_names_what_could_be_meant(string others, string expected) =>
        Assert.Equal(expected, NearbyServices.Hint(Cache, Names(others.Split(' ', StringSplitOptions.RemoveEmptyEntries))));

    [Fact]
    public async Task The_names_come_from_the_server()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var config = new Kubeconfig(server.Url);
        foreach (var (name, @namespace, service) in new[] { ("a", "prod", "cache"), ("b", "dev", "web") })
        {
            server.Cluster.Create("endpointslices", JsonNode.Parse(Testing.SliceJson.Manifest(
                Testing.Slice.Of(name, service, @namespace: @namespace)))!.AsObject());
        }

        foreach (var (service, hint) in new[] { ("cach", "Did you mean cache?"), ("web", "add -n dev,") })
        {
            var tool = new InProcessTool();
            tool.Start("watch", service, "--kubeconfig", config.Path, "--once");
            Assert.Equal(ExitCode.Stopped, await tool.EndAsync());
            Assert.Contains(hint, tool.Error, StringComparison.Ordinal);
        }
    }

    private static IReadOnlyCollection<ServiceName> Names(params string[] names) =>
        [.. names.Select(n => n.Split('/')).Select(n => new ServiceName(n[0], n[1]))];
}
