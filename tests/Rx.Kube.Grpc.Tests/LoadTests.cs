using System.Diagnostics;
using System.Globalization;
using Rx.Kube.Grpc.Tests.Support;
using Rx.Kube.Testing;
using Xunit.Abstractions;

namespace Rx.Kube.Grpc.Tests;

/// <summary>
/// Constant load while pods are killed, drained, added and restarted at a new address, and while the API server is away.
/// <c>RXKUBE_AWAY_SECONDS=60</c> makes the outage as long as a night's run may take.
/// </summary>
public sealed class LoadTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _away = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("RXKUBE_AWAY_SECONDS") ?? "1", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_idempotent_call_is_lost(bool aspire)
    {
        await using var cluster = await PodCluster.StartAsync(4);
        await using var host = await ClientHost.StartAsync(cluster, r => r.ByHeader("x-key").Replicas(2).Retry(), aspire);
        var clock = Stopwatch.StartNew();
        await using var load = new Load(host.Client);
        await load.SomeAsync();

        // A pod is killed; its slice lists it for a while.
        await cluster["cache-0"].KillAsync();
        await load.SomeAsync();
        cluster.Publish(cluster.Slice.Without("cache-0"));
        await load.SomeAsync();

        // It comes back at a new address.
        var again = await cluster.StartPodAsync("cache-0");
        cluster.Publish(cluster.Slice.With(again.Name, again.Address, uid: "another"));
        await Eventually.TrueAsync(() => again.Calls > 0, "the pod has its keys again");

        // A pod drains, leaves, and is stopped when it has nothing to do.
        var draining = cluster["cache-1"];
        cluster.Publish(cluster.Slice.With(draining.Name, draining.Address, ready: false, serving: true, terminating: true));
        await load.SomeAsync();
        cluster.Publish(cluster.Slice.Without(draining.Name));
        await host.SeesAsync(topology => topology.EndpointsOf(draining.Name).IsEmpty, "the pod has left");
        await load.SomeAsync();
        await draining.KillAsync();
        await load.SomeAsync();

        // A pod is added.
        var added = await cluster.StartPodAsync("cache-4");
        cluster.Publish(cluster.Slice.With(added.Name, added.Address));
        await Eventually.TrueAsync(() => added.Calls > 0, "the new pod has its keys");

        // A pod restarts at its address, without a change of its slice.
        await cluster["cache-3"].KillAsync();
        await load.SomeAsync();
        var restarted = await cluster.StartPodAsync("cache-3", cluster["cache-3"].Address);
        await Eventually.TrueAsync(() => restarted.Calls > 0, "the pod is connected to again");

        // The API server is away, and a pod dies meanwhile.
        cluster.Server.Offline = true;
        cluster.Server.AbortConnections();
        await Task.Delay(_away);
        await load.SomeAsync();
        await cluster["cache-2"].KillAsync();
        await load.SomeAsync();
        cluster.Server.Offline = false;
        await Eventually.TrueAsync(() => cluster.Server.OpenWatches == 1, "one watch");
        cluster.Publish(cluster.Slice.Without("cache-2"));
        await host.SeesAsync(topology => topology.EndpointsOf("cache-2").IsEmpty, "the pod has left");
        await load.StopAsync();

        output.WriteLine($"{load.Calls} calls in {clock.Elapsed.TotalSeconds:0.0} s, {load.Lost.Count} lost");
        Assert.True(load.Lost.IsEmpty, $"{load.Lost.Count} of {load.Calls} lost:\n{string.Join('\n', load.Lost.Take(5))}");
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(host.ReplicasOf($"key-{i}")[0], await host.Client.NameAsync($"key-{i}"));
        }
    }
}
