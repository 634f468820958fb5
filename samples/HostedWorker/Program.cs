// A worker of Microsoft.Extensions.Hosting that rebuilds its configuration whenever the members of a Service change.
using System.Reactive.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rx.Kube;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;
await using var server = args.Contains("--demo") ? await ApiServerSimulator.StartAsync() : null;
var builder = Host.CreateApplicationBuilder(args);
builder.AddKubeTopology("cache");                                                       // one watch for the whole application
builder.Services.AddHostedService<Worker>();
if (server is not null) builder.Services.AddKubeConnection(o => o.Server = server.Url); // else as kubectl finds it, or in a pod
using var host = builder.Build();
try { await host.StartAsync(); }
catch (KubeConfigurationException) { return 3; }                                        // no configuration: the host has logged it
if (server is null)
{
    await host.WaitForShutdownAsync();                                                  // until Ctrl+C or SIGTERM
    return 0;
}

var slice = Slice.Of("cache-abc", service: "cache");
foreach (var i in Enumerable.Range(0, 5))
{
    server.Cluster.Apply((slice = slice.With($"cache-{i}", $"10.0.0.{i + 1}")).Manifest());
    await Task.Delay(100);
}
await host.StopAsync();
return 0;

internal sealed class Worker(IObservable<ServiceTopology> cache, ILogger<Worker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rebuilt = 0;
        try
        {
            // The loop gets the newest snapshot whenever it is free; what came in between is skipped.
            await foreach (var topology in cache.WhereSynced().DistinctUntilMembersChanged().ToLatestAsyncEnumerable()
                .WithCancellation(stoppingToken))
            {
                await Task.Delay(150, stoppingToken); // the work, which is slower than the changes
                log.LogInformation("{Count}: {Freshness}, {Members}", ++rebuilt, topology.Freshness, topology.Members);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            log.LogInformation("stopped after {Count} rebuilds", rebuilt);
        }
    }
}
