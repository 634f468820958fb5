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
    [MemberData(nameof(LoadVariants.ServiceDefaults), MemberType = typeof(LoadVariants))]
    public async Task No_idempotent_call_is_lost(bool aspire)
    {
        await using var cluster = await PodCluster.StartAsync(4);
        await using var host = await ClientHost.StartAsync(cluster, r => r.ByHeader("x-key").Replicas(2).Retry(), aspire);
        var clock = Stopwatch.StartNew();
        await using var load = new Load(host.Client);
        await load.SomeAsync();
        var places = await Places.OfAsync(host);

        // A pod is killed; its slice lists it for a while. When it leaves, its keys are where they will be.
        await cluster["cache-0"].KillAsync();
        await load.SomeAsync();
        places = await places.OnlyMovedAsync("cache-0");
        cluster.Publish(cluster.Slice.Without("cache-0"));
        await host.SeesAsync(topology => topology.EndpointsOf("cache-0").IsEmpty, "the pod has left");
        await load.SomeAsync();
        await places.NoneMovedAsync();

        // It comes back at a new address.
        var again = await cluster.StartPodAsync("cache-0");
        cluster.Publish(cluster.Slice.With(again.Name, again.Address, uid: "another"));
        await Eventually.TrueAsync(() => again.Calls > 0, "the pod has its keys again");
        places = await places.OnlyMovedAsync("cache-0");

        // A pod drains, leaves, and is stopped when it has nothing to do.
        var draining = cluster["cache-1"];
        cluster.Publish(cluster.Slice.With(draining.Name, draining.Address, ready: false, serving: true, terminating: true));
        await host.SeesAsync(topology => topology.EndpointsOf(draining.Name)[0].Terminating, "the pod drains");
        await load.SomeAsync();
        places = await places.OnlyMovedAsync(draining.Name);
        cluster.Publish(cluster.Slice.Without(draining.Name));
        await host.SeesAsync(topology => topology.EndpointsOf(draining.Name).IsEmpty, "the pod has left");
        await load.SomeAsync();
        await draining.KillAsync();
        await load.SomeAsync();
        await places.NoneMovedAsync();

        // A pod is added.
        var added = await cluster.StartPodAsync("cache-4");
        cluster.Publish(cluster.Slice.With(added.Name, added.Address));
        await Eventually.TrueAsync(() => added.Calls > 0, "the new pod has its keys");
        places = await places.OnlyMovedAsync(added.Name);

        // A pod restarts at its address, without a change of its slice.
        await cluster["cache-3"].KillAsync();
        await load.SomeAsync();
        var restarted = await cluster.StartPodAsync("cache-3", cluster["cache-3"].Address);
        await Eventually.TrueAsync(() => restarted.Calls > 0, "the pod is connected to again");
        await places.NoneMovedAsync();

        // The API server is away, and a pod dies meanwhile.
        cluster.Server.Offline = true;
        cluster.Server.AbortConnections();
        await Task.Delay(_away);
        await load.SomeAsync();
        await places.NoneMovedAsync();
        await cluster["cache-2"].KillAsync();
        await load.SomeAsync();
        cluster.Server.Offline = false;
        await Eventually.TrueAsync(() => cluster.Server.OpenWatches == 1, "one watch");
        cluster.Publish(cluster.Slice.Without("cache-2"));
        await host.SeesAsync(topology => topology.EndpointsOf("cache-2").IsEmpty, "the pod has left");
        await places.OnlyMovedAsync("cache-2");
        await load.StopAsync();

        output.WriteLine($"{load.Calls} calls in {clock.Elapsed.TotalSeconds:0.0} s, {load.Lost.Count} lost");
        Assert.True(load.Lost.IsEmpty, $"{load.Lost.Count} of {load.Calls} lost:\n{string.Join('\n', load.Lost.Take(5))}");
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(host.ReplicasOf($"key-{i}")[0], await host.Client.NameAsync($"key-{i}"));
        }
    }

    /// <summary>Which pods answered for a number of keys: what a caller sees of the ring.</summary>
    private sealed class Places
    {
        private readonly ClientHost _host;
        private readonly string[] _pods;

        private Places(ClientHost host, string[] pods) => (_host, _pods) = (host, pods);

        public static async Task<Places> OfAsync(ClientHost host) =>
            new(host, await Task.WhenAll(Enumerable.Range(0, 60).Select(i => host.Client.NameAsync($"key-{i}"))));

        /// <summary>Some keys have moved to a member, or away from it, and no other key.</summary>
        public async Task<Places> OnlyMovedAsync(string member)
        {
            var now = await OfAsync(_host);
            var moved = _pods.Zip(now._pods).Where(pods => pods.First != pods.Second).ToList();
            Assert.NotEmpty(moved);
            Assert.All(moved, pods => Assert.True(pods.First == member || pods.Second == member, $"{pods} moved because of {member}"));
            return now;
        }

        public async Task NoneMovedAsync() => Assert.Equal(_pods, (await OfAsync(_host))._pods);
    }
}
