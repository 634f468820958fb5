using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rx.Kube.Hosting.Tests.Support;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Hosting.Tests.Docs;

/// <summary>The code of docs/hosting.md does what the page says.</summary>
public sealed class HostingSampleTests
{
    [Fact]
    public async Task A_service_finds_owners_and_is_ready()
    {
        await using var server = await StartAsync();
        var builder = Builder(server);
        builder.Services.AddHealthChecks();
        await using var app = HostingSamples.Start(builder);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        using var client = new HttpClient { BaseAddress = new(address) };

        Assert.Equal("cache-0", await client.GetStringAsync(new Uri("/owner/user-42", UriKind.Relative)));
        Assert.Equal("Healthy", await client.GetStringAsync(new Uri("/health/ready", UriKind.Relative)));
        Assert.Equal("Healthy", await client.GetStringAsync(new Uri("/health/live", UriKind.Relative)));
    }

    [Fact]
    public async Task The_worker_sees_its_ranges_and_the_endpoints_near_it_and_stops_with_the_host()
    {
        await using var server = await StartAsync();
        using var log = new RecordedLog();
        var builder = Builder(server);
        builder.Logging.AddProvider(log);
        builder.Configuration["Kube:Pod:Name"] = "cache-0";
        builder.AddKubeTopology("cache");
        builder.Services.AddHostedService<Rebalancer>();
        await using var app = builder.Build();
        await app.StartAsync();

        await Eventually.TrueAsync(
            () => log.All.Contains("160 ranges gained, 0 lost", StringComparison.Ordinal) ||
                log.All.Contains("1 ranges gained, 0 lost", StringComparison.Ordinal),
            "the ranges");
        await Eventually.TrueAsync(() => log.All.Contains("1 endpoints for this pod, live", StringComparison.Ordinal), "the endpoints");
        await app.StopAsync();

        Assert.DoesNotContain("Unhandled", log.All, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => server.OpenWatches == 0, "the watch is closed");
    }

    [Fact]
    public async Task The_options_of_the_page_are_those_of_the_host()
    {
        await using var host = TestHost.Build(HostingSamples.Options);
        var options = host.Get<IOptionsMonitor<KubeTopologyOptions>>();

        Assert.Equal(("prod", 2, false), (options.Get("cache").Namespace, options.Get("cache").Replicas, options.Get("cache").FailStart));
        Assert.True(options.Get("db").FailStart);
    }

    private static WebApplicationBuilder Builder(ApiServerSimulator server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Kube:Connection:Server"] = server.Url.AbsoluteUri;
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        return builder;
    }

    private static async Task<ApiServerSimulator> StartAsync()
    {
        var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Apply(Slice.Of("cache-abc", service: "cache").With("cache-0", "10.0.0.1").Manifest());
        return server;
    }
}
