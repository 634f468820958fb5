using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rx.Kube.Hosting.Tests.Support;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Hosting.Tests;

/// <summary>A stop closes the watch at the server, after those who use it have stopped.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task A_stop_closes_the_watch_although_a_subscriber_was_forgotten_whose_stream_completes()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        await using var host = Build(server, _ => { });
        await host.StartAsync();
        var ends = host.Get<IObservable<ServiceTopology>>().LastAsync().Timeout(Eventually.Patience).ToTask();
        await Eventually.TrueAsync(() => server.OpenWatches == 1, "the watch is open");

        await host.StopAsync();

        await Eventually.TrueAsync(() => server.OpenWatches == 0, "the watch is closed");
        Assert.True((await ends).Freshness.IsLive);
        Assert.Equal(ServicePresence.NoSlices, host.Get<CurrentValue<ServiceTopology>>().Required.Presence);
        Assert.EndsWith("the watch of prod/cache is closed", host.Log.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_watch_still_delivers_while_hosted_services_stop()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        await using var host = Build(server, builder => builder.Services.AddSingleton(server).AddHostedService<Worker>());
        await host.StartAsync();
        await Eventually.TrueAsync(() => server.OpenWatches == 1, "the watch is open");

        await host.StopAsync();

        Assert.Contains("Information cache-9 was seen during the stop", host.Log.All, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => server.OpenWatches == 0, "the watch is closed");
    }

    [Fact]
    public async Task After_the_stop_streams_are_empty_and_nothing_is_sent()
    {
        var server = new ScriptedServer();
        await using var host = TestHost.Build(server);
        await host.StartAsync();
        server.Clock.AdvanceTo(TimeSpan.FromSeconds(1));
        await host.StopAsync();
        var requests = server.Http.Requests.Count;
        Assert.All(server.Http.Requests, request => Assert.NotNull(request.End));

        var log = new List<string>();
        using var snapshots = host.Get<IObservable<ServiceTopology>>().Subscribe(
            _ => log.Add("snapshot"), _ => log.Add("error"), () => log.Add("end"));
        using var rings = host.Get<IObservable<RingView>>().Subscribe(
            _ => log.Add("ring"), _ => log.Add("error"), () => log.Add("end"));
        server.Clock.AdvanceTo(TimeSpan.FromSeconds(2));

        Assert.Equal(["end", "end"], log);
        Assert.Equal(requests, server.Http.Requests.Count);
    }

    [Fact]
    public async Task The_disposal_of_a_host_that_was_not_stopped_closes_the_watch()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        await using (var host = Build(server, _ => { }))
        {
            await host.StartAsync();
            await Eventually.TrueAsync(() => server.OpenWatches == 1, "the watch is open");
        }

        await Eventually.TrueAsync(() => server.OpenWatches == 0, "the watch is closed");
    }

    [Fact]
    public async Task A_process_that_gets_SIGTERM_closes_its_watch_and_exits_with_zero()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var process = WorkerProcess.Start(server.Url);
        await Eventually.TrueAsync(() => server.OpenWatches == 1, "the watch of the process is open");

        process.Terminate();

        await Eventually.TrueAsync(() => server.OpenWatches == 0, "the watch of the process is closed");
        Assert.Equal(0, await process.ExitAsync());
        Assert.Contains("the watch of prod/cache is closed", process.Output, StringComparison.Ordinal);
    }

    private static TestHost Build(ApiServerSimulator server, Action<HostApplicationBuilder> configure) => TestHost.Build(
        builder =>
        {
            configure(builder);
            builder.AddKubeTopology("cache");
        },
        ("Kube:Connection:Server", server.Url.AbsoluteUri), ("Kube:Connection:Namespace", "prod"));

    private sealed class Worker(ApiServerSimulator server, IKubeTopology topology, ILogger<Worker> log) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            var seen = topology.Snapshots.FirstAsync(t => t.Members.Contains("cache-9")).Timeout(Eventually.Patience).ToTask();
            server.Cluster.Apply(Slice.Of("cache-abc", "cache", @namespace: "prod").With("cache-9", "10.0.0.9").Manifest());
            log.LogInformation("{Member} was seen during the stop", (await seen).Members[0]);
        }
    }
}
