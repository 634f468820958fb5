using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Rx.Kube.Hosting.Tests.Docs;

// The code of docs/hosting.md, between markers.
internal static class HostingSamples
{
    public static WebApplication Start(WebApplicationBuilder builder)
    {
        // <hosting>
        builder.AddKubeTopology("cache");      // the Service "cache" in the namespace of the pod

        var app = builder.Build();
        app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains("ready") });
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false });

        app.MapGet("/owner/{key}", (string key, CurrentValue<RingView> ring) =>
            ring.Required.Replicas.TryGetOwner(KeyHash.Of(key), out var owner) ? owner.Name : "no members");
        // </hosting>
        return app;
    }

    public static void Options(IHostApplicationBuilder builder)
    {
        // <hosting-options>
        builder.AddKubeTopology("cache", options =>
        {
            options.Namespace = "prod";
            options.HoldDepartures = TimeSpan.FromMinutes(2);     // a restarting pod keeps its place on the ring
            options.Replicas = 2;
        });
        builder.AddKubeTopology("db", options => options.FailStart = true);

        builder.Services.AddKubeConnection(connection => connection.Context = "dev");
        // </hosting-options>
    }

    public static WebApplication Endpoint(WebApplicationBuilder builder)
    {
        // <hosting-endpoint>
        builder.Services.AddAuthorization();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Rx.Kube"));

        var app = builder.Build();
        app.MapKubeTopology("/rxkube").RequireAuthorization();
        // </hosting-endpoint>
        return app;
    }

    public static WebApplication RingPage(WebApplicationBuilder builder)
    {
        // <ring-page>
        builder.AddKubeTopology("cache");
        builder.Services.AddAuthorization();

        var app = builder.Build();
        app.MapKubeRing("/ring").RequireAuthorization();       // a page for each topology of the application
        // </ring-page>
        return app;
    }
}

// <hosting-worker>
public sealed class Rebalancer(
    [FromKeyedServices("cache")] IKubeTopology cache, KubePodOptions pod, ILogger<Rebalancer> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What this process gains and loses with each ring; the changes of a ring that is skipped are part of the next.
        using var changes = cache.Rings.Ownership(pod.Name!).Subscribe(change =>
            log.LogInformation("{Gained} ranges gained, {Lost} lost", change.Gained.Count(), change.Lost.Count()));

        // The newest snapshot whenever the body is done; ends when the host stops.
        await foreach (var topology in cache.Snapshots.WhereSynced().ToLatestAsyncEnumerable().WithCancellation(stoppingToken))
        {
            var near = topology.For(pod.Node, pod.Zone);
            log.LogInformation("{Count} endpoints for this pod, {Freshness}", near.Count, topology.Freshness);
        }
    }
}
// </hosting-worker>
