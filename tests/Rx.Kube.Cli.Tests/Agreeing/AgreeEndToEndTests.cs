using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Tests.Agreeing;

/// <summary>Two applications with <c>MapKubeTopology</c>, one of which follows another API server, and the tool.</summary>
public sealed class AgreeEndToEndTests
{
    [Fact]
    public async Task The_tool_reads_what_applications_tell_and_finds_the_one_that_follows_another_server()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        await using var other = await ApiServerSimulator.StartAsync();
        var slice = Slice.Of("cache-abc", "cache", @namespace: "prod").WithPort(8080, "http");
        server.Cluster.Apply(slice.With("cache-0", "10.0.0.1", zone: "a").With("cache-1", "10.0.0.2", zone: "b").Manifest());
        other.Cluster.Apply(slice.With("cache-0", "10.0.0.1", zone: "a").Manifest());
        using var config = new Kubeconfig(server.Url);
        using var otherConfig = new Kubeconfig(other.Url);
        await using var good = await StartAsync(config, leaves: true);
        await using var bad = await StartAsync(otherConfig, leaves: false);
        var (one, two) = (UrlOf(good), UrlOf(bad));

        var agreeing = new InProcessTool();
        agreeing.Start("agree", one, "--kubeconfig", config.Path);
        Assert.StartsWith("prod/cache: 1 of 1 process", await agreeing.LineAsync(), StringComparison.Ordinal);
        Assert.StartsWith($"✓ {one}/rxkube  live, version ", await agreeing.LineAsync(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Stopped, await agreeing.EndAsync());

        var tool = new InProcessTool();
        tool.Start("agree", $"{one}/rxkube/cache", two, "--kubeconfig", config.Path, "--settle", "0", "-o", "json");
        var json = JsonNode.Parse(await tool.LineAsync())!["services"]![0]!["processes"]!;
        Assert.Equal(ExitCode.Failed, await tool.EndAsync());
        Assert.Equal("agrees", (string?)json[0]!["state"]);
        Assert.NotEqual("agrees", (string?)json[1]!["state"]);
        Assert.Equal(["cache-1"], json[1]!["lacks"]!.AsArray().Select(name => (string?)name));
    }

    private static string UrlOf(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    private static async Task<WebApplication> StartAsync(Kubeconfig config, bool leaves)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(KubeConnection.Default(new KubeConnectionOptions { KubeconfigPaths = [config.Path] }));
        builder.AddKubeTopology("cache", o => o.LeaveWhenTerminating = leaves);
        var app = builder.Build();
        app.MapKubeTopology();
        await app.StartAsync();
        return app;
    }
}
