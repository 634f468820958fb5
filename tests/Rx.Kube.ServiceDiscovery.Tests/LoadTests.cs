using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Rx.Kube.ServiceDiscovery.Tests.Support;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Shared;
using Xunit.Abstractions;

namespace Rx.Kube.ServiceDiscovery.Tests;

/// <summary>
/// Constant load while pods are killed, drained, added and restarted at a new address, and while the API server is away, with and without
/// the ServiceDefaults of Aspire. <c>RXKUBE_AWAY_SECONDS=60</c> makes the outage as long as a night's run may take.
/// </summary>
public sealed class LoadTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _away = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("RXKUBE_AWAY_SECONDS") ?? "1", CultureInfo.InvariantCulture));

    public static TheoryData<string, bool> Variants => LoadVariants.Of("discovery", "keys");

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task No_idempotent_request_is_lost(string way, bool hasServiceDefaults)
    {
        await using var cluster = await PodCluster.StartAsync(4);
        await using var caller = await Caller.StartAsync(cluster, builder =>
        {
            var client = builder.Services.AddHttpClient("cache", Caller.Base).SetHandlerLifetime(TimeSpan.FromSeconds(1));
            if (hasServiceDefaults)
            {
                builder.AddServiceDefaults();
            }
            else
            {
                client.AddServiceDiscovery().AddStandardResilienceHandler();
            }

            builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
            _ = way == "keys" ? client.AddKubeRouting(r => r.ByHeader("x-key").Replicas(2)) : client;
        });
        using var stop = new CancellationTokenSource();
        var load = new Load(caller);
        var clients = Enumerable.Range(0, 8).Select(i => Task.Run(() => load.RunAsync(i, stop.Token))).ToArray();
        await load.SomeAsync();

        // A pod is killed; its slice lists it for a while.
        await cluster["cache-0"].KillAsync();
        await load.SomeAsync();
        cluster.Publish(cluster.Slice.Without("cache-0"));
        await load.SomeAsync();

        // It comes back at a new address.
        var again = await cluster.StartPodAsync("cache-0");
        cluster.Publish(cluster.Slice.With(again.Name, again.Address, uid: "another"));
        await load.SomeAsync();

        // A pod drains, leaves, and is stopped when it has nothing to do.
        var draining = cluster["cache-1"];
        cluster.Publish(cluster.Slice.With(draining.Name, draining.Address, ready: false, serving: true, terminating: true));
        await load.SomeAsync();
        cluster.Publish(cluster.Slice.Without(draining.Name));
        await caller.SeesAsync(topology => topology.EndpointsOf(draining.Name).IsEmpty);
        await load.SomeAsync();
        await draining.KillAsync();
        await load.SomeAsync();

        // A pod is added.
        var added = await cluster.StartPodAsync("cache-4");
        cluster.Publish(cluster.Slice.With(added.Name, added.Address));
        await load.SomeAsync();

        // The API server is away, and a pod dies meanwhile.
        cluster.Server.Offline = true;
        await Task.Delay(_away);
        await load.SomeAsync();
        await cluster["cache-2"].KillAsync();
        await load.SomeAsync();
        cluster.Server.Offline = false;
        await Eventually.TrueAsync(() => cluster.Server.OpenWatches == 1, "one watch");
        await stop.CancelAsync();
        await Task.WhenAll(clients);

        output.WriteLine($"{way}, service defaults {hasServiceDefaults}: {load}");
        Assert.True(load.Lost.IsEmpty, $"{load}\n{string.Join('\n', load.Lost.Take(5))}");
        Assert.True(again.Requests > 0 && added.Requests > 0, "the new pods have their share");
    }

    /// <summary>Clients that send one request after the other.</summary>
    private sealed class Load(Caller caller)
    {
        private int _sent;
        private long _slowest;

        public ConcurrentQueue<string> Lost { get; } = [];

        public async Task RunAsync(int client, CancellationToken stop)
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var start = Stopwatch.GetTimestamp();
                try
                {
                    await caller.AskAsync(key: $"user-{client}-{i % 100}");
                }
                catch (Exception e)
                {
                    Lost.Enqueue($"{e.GetType().Name}: {e.Message}");
                }

                var took = Stopwatch.GetElapsedTime(start).Ticks;
                _slowest = Math.Max(_slowest, took);
                Interlocked.Increment(ref _sent);
                await Task.Delay(1, CancellationToken.None);
            }
        }

        /// <summary>Waits until the clients have sent some more.</summary>
        public Task SomeAsync()
        {
            var enough = Volatile.Read(ref _sent) + 300;
            return Eventually.TrueAsync(() => Volatile.Read(ref _sent) >= enough, "the load goes on");
        }

        public override string ToString() =>
            $"{_sent} requests, {Lost.Count} lost, the slowest {TimeSpan.FromTicks(_slowest).TotalSeconds:0.000} s";
    }
}
