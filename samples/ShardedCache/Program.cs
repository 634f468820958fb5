// A cache in memory, sharded over the pods of a StatefulSet, with two copies of each key. docs/scaling.md says what it guarantees.
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;
using Rx.Kube;
using ShardedCache;
using ShardedCache.Data;
using ShardedCache.Keys;
using ShardedCache.Peers;

var builder = WebApplication.CreateBuilder(args);
// <scaling-host>
builder.AddKubeTopology("cache", options =>
{
    options.Replicas = 2;
    options.LeaveWhenTerminating = true; // a member gives its keys away while it still runs
});
// </scaling-host>
builder.Services.AddOptions<CacheOptions>().BindConfiguration("Cache").ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddOptions<HostOptions>().Configure<Microsoft.Extensions.Options.IOptions<CacheOptions>>(
    (host, cache) => host.ShutdownTimeout = cache.Value.DrainLimit + TimeSpan.FromSeconds(20));
builder.Services.AddHttpClient(nameof(PeerClient)).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
{
    ConnectTimeout = TimeSpan.FromSeconds(1),
    UseProxy = false,
});
builder.Services.AddSingleton(TimeProvider.System)
    .AddSingleton<HybridClock>()
    .AddSingleton<Shard>()
    .AddSingleton<PeerClient>()
    .AddSingleton<KeyRequests>()
    .AddSingleton<RangeFetch>()
    .AddSingleton<HandOver>()
    .AddSingleton<CacheMetrics>()
    .AddHostedService<Mover>()
    .AddHostedService<Drain>();
builder.Services.AddHealthChecks().AddCheck<ReadyCheck>("cache-ready", tags: ["ready"]);
builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
    .AddMeter("Rx.Kube", CacheMetrics.MeterName)
    .AddPrometheusExporter());

var app = builder.Build();
app.UseRingHeader();
app.MapKeys();
app.MapPeers();
app.MapGet("/replicated", (Shard shard) =>
{
    var state = shard.State();
    return Results.Json(state, statusCode: state.IsReplicated ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
});
app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
app.MapPrometheusScrapingEndpoint();
app.MapKubeTopology("/rxkube");
app.Run();
