using System.Text.Json.Nodes;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Tests.Rings;

/// <summary>Runs the whole tool against a server over HTTP.</summary>
public class RingEndToEndTests
{
    [Fact]
    public async Task Ring_follows_the_server_through_an_outage()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var config = new Kubeconfig(server.Url);
        server.Cluster.Create("endpointslices", Slice("cache-a", "cache-0"));
        var tool = new InProcessTool();
        tool.Start("ring", "cache", "--kubeconfig", config.Path, "-o", "json");
        AssertLine(await tool.LineAsync(), "live", "cache-0");
        server.Cluster.Create("endpointslices", Slice("cache-b", "cache-1"));
        AssertLine(await tool.LineAsync(), "live", "cache-0", "cache-1");

        server.Offline = true;
        AssertLine(await tool.LineAsync(), "stale", "cache-0", "cache-1");
        server.Cluster.Delete("endpointslices", "prod", "cache-a");
        server.Cluster.Compact();
        server.Offline = false;
        while (AssertLine(await tool.LineAsync(), "live", null!)["members"]!.AsArray().Count != 1)
        {
        }

        Assert.Equal(ExitCode.Stopped, await tool.StopAsync());
        Assert.Equal("", tool.Error);
    }

    [Fact]
    public async Task Explain_prints_the_owner_and_exits()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var config = new Kubeconfig(server.Url);
        server.Cluster.Create("endpointslices", Slice("cache-a", "cache-0"));
        var tool = new InProcessTool();
        tool.Start("explain", "cache", "user:42", "--kubeconfig", config.Path, "-o", "json");
        Assert.Equal("cache-0", (string?)JsonNode.Parse(await tool.LineAsync())!["owner"]);
        Assert.Equal(ExitCode.Stopped, await tool.EndAsync());
    }

    [Theory]
    [InlineData("ring cache --demo --once -o text", "= live at version ")]
    [InlineData("ring cache --demo --once -o table", "5 members · HashRing/1(160) · fingerprint ")]
    [InlineData("ring cache --demo --once -o json", "\"moved\":1,\"ideal\":1,\"needless\":0,\"moves\":[{\"first\":\"0000000000000000\"")]
    [InlineData("explain cache user:42 --demo --replicas 3", "replicas     0  cache-")]
    [InlineData("explain cache user:42 --demo -o json", "\"key\":\"user:42\",\"hash\":\"")]
    [InlineData("doctor cache --demo --for 0", "✓ All is well with demo/cache.")]
    [InlineData("wait cache --demo --for ready=5", "demo/cache ready=5 (members=5, ")]
    [InlineData("tree cache --demo", "└─ EndpointSlice cache-x7k2p  IPv4, 5 endpoints, ports gossip:7946,http:8080")]
    [InlineData("tree cache --demo", "gets traffic: it is ready\n   │  └─ Pod cache-0  Running, ready\n   │     └─ Node node-")]
    [InlineData("tree cache --demo -o template={{.clusterIP}};{{.missingPermissions}}", "10.96.0.7;\n")]
    public async Task The_demonstration_runs_for_every_command(string line, string expected)
    {
        var tool = new InProcessTool();
        tool.Start(line.Split(' '));
        Assert.Equal(ExitCode.Stopped, await tool.EndAsync());
        Assert.Contains(expected, tool.Rest(), StringComparison.Ordinal);
        Assert.Equal("", tool.Error);
    }

    private static JsonNode AssertLine(string line, string freshness, params string[]? members)
    {
        var json = JsonNode.Parse(line)!;
        Assert.Equal(freshness, (string?)json["freshness"]);
        if (members is not null)
        {
            Assert.Equal(members, json["members"]!.AsArray().Select(m => (string?)m!["member"]));
        }

        return json;
    }

    private static JsonObject Slice(string name, string pod) => JsonNode.Parse(SliceJson.Manifest(
        Testing.Slice.Of(name, "cache", @namespace: "prod").WithPort(8080, "http").With(pod, $"10.0.0.{pod[^1]}", uid: pod)))!.AsObject();
}
