using Microsoft.AspNetCore.Builder;
using Rx.Kube.Hosting.Tests.Support;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Shared;

namespace Rx.Kube.Hosting.Tests;

/// <summary>A topology beside the ServiceDefaults of Aspire: <c>/health</c> is for readiness, and <c>/alive</c> for liveness.</summary>
public sealed class ServiceDefaultsTests
{
    private static readonly Backoff _fast = new() { Initial = TimeSpan.FromMilliseconds(50), Max = TimeSpan.FromMilliseconds(100) };

    [Fact]
    public async Task The_topology_is_a_part_of_health_and_not_of_alive_and_its_metrics_are_beside_the_others()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        server.Offline = true;
        await using var app = await TestApplication.StartAsync(
            server.Url,
            builder =>
            {
                builder.Environment.EnvironmentName = "Development";
                builder.AddServiceDefaults();
                builder.AddKubeTopology("defaults", options =>
                {
                    options.FirstSyncTimeout = TimeSpan.FromMilliseconds(100);
                    options.Resume = new() { Backoff = _fast };
                });
            },
            app => app.MapHealthChecks("/alive", new() { Predicate = check => check.Tags.Contains("live") }));

        Assert.Equal(503, (await app.GetAsync("/health")).Status);
        Assert.Equal(200, (await app.GetAsync("/alive")).Status);

        server.Cluster.Apply(Slice.Of("defaults-abc", service: "defaults", @namespace: "prod").With("cache-0", "10.0.0.1").Manifest());
        server.Offline = false;
        await Eventually.TrueAsync(async () => (await app.GetAsync("/health")).Status == 200, "ready");
        var metrics = (await app.GetAsync("/metrics")).Body;
        Assert.Contains("rxkube_topology=\"defaults\"", metrics, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds", metrics, StringComparison.Ordinal);
    }
}
