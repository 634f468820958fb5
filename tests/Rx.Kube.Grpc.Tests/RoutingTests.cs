using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Rx.Kube.Grpc.Tests.Support;
using Rx.Kube.Testing;
using Endpoint = Rx.Kube.Models.Endpoint;

namespace Rx.Kube.Grpc.Tests;

/// <summary>Which pod gets a call.</summary>
public sealed class RoutingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_goes_to_its_owner_from_the_first_call_on(bool aspire)
    {
        await using var cluster = await PodCluster.StartAsync(4);
        await using var host = await ClientHost.StartAsync(cluster, r => r.ByHeader("x-key"), aspire);
        var client = host.Client;
        var keys = Enumerable.Range(0, 60).Select(i => $"key-{i}").ToArray();

        var answers = await Task.WhenAll(keys.Select(key => client.NameAsync(key)));

        Assert.Equal(keys.Select(key => host.ReplicasOf(key)[0]), answers);
        Assert.Equal(4, answers.Distinct().Count());
    }

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.Internal)] // what the client of .NET makes of a pod that dies during the HTTP/2 handshake
    public async Task A_retry_goes_to_the_next_replica(StatusCode status)
    {
        await using var cluster = await PodCluster.StartAsync(4);
        await using var host = await ClientHost.StartAsync(cluster, r => r.ByHeader("x-key").Replicas(2).Retry());
        var key = host.KeyOf("cache-1");
        cluster["cache-1"].Status = status;

        Assert.Equal(host.ReplicasOf(key)[1], await host.Client.NameAsync(key));
        Assert.Equal(1, cluster["cache-1"].Calls);
    }

    [Fact]
    public async Task With_one_replica_a_retry_stays_at_the_owner()
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var host = await ClientHost.StartAsync(cluster, r => r.ByHeader("x-key").Retry(3, TimeSpan.FromMilliseconds(1)));
        cluster["cache-1"].Status = StatusCode.Unavailable;

        var error = await Assert.ThrowsAsync<RpcException>(() => host.Client.NameAsync(host.KeyOf("cache-1")));

        Assert.Equal((StatusCode.Unavailable, 3), (error.StatusCode, cluster["cache-1"].Calls));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hedge_goes_to_the_next_replica(bool aspire)
    {
        await using var cluster = await PodCluster.StartAsync(4);
        await using var host = await ClientHost.StartAsync(
            cluster, r => r.ByHeader("x-key").Replicas(2).Hedge(TimeSpan.FromMilliseconds(50)), aspire);
        var key = host.KeyOf("cache-2");
        cluster["cache-2"].Delay = TimeSpan.FromSeconds(15);
        var clock = Stopwatch.StartNew();

        Assert.Equal(host.ReplicasOf(key)[1], await host.Client.NameAsync(key));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"after {clock.Elapsed}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Without_a_key_every_ready_pod_has_its_turn(string? key)
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var host = await ClientHost.StartAsync(cluster, r => r.ByHeader("x-key"));
        var client = host.Client;
        for (var i = 0; i < 10; i++)
        {
            await client.NameAsync(key);
        }

        var answers = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            answers.Add(await client.NameAsync(key));
        }

        Assert.Equal([10, 10, 10], answers.CountBy(name => name).Select(pair => pair.Value));
    }

    [Fact]
    public async Task Without_a_key_calls_stay_in_the_zone_and_leave_it_when_nothing_there_answers()
    {
        await using var cluster = await PodCluster.StartAsync(0);
        var (near, far) = (await cluster.StartPodAsync("near"), await cluster.StartPodAsync("far"));
        cluster.Publish(cluster.Slice.With(InZone(near, "eu-1"), InZone(far, "eu-2")));
        await using var host = await ClientHost.StartAsync(cluster, r => r.Retry());
        var client = host.Client;

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.NameAsync())), name => Assert.Equal("near", name));

        await near.KillAsync();
        Assert.Equal("far", await client.NameAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_member_that_leaves_gets_no_new_calls_and_its_stream_finishes(bool aspire)
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var host = await ClientHost.StartAsync(cluster, r => r.ByHeader("x-key").Replicas(2), aspire);
        var client = host.Client;
        var key = host.KeyOf("cache-0");
        var leaving = cluster["cache-0"];
        using var stream = client.Count(40, key);
        Assert.True(await stream.ResponseStream.MoveNext(default));

        cluster.Publish(cluster.Slice.With("cache-0", leaving.Address, ready: false, serving: true, terminating: true));
        await host.SeesAsync(t => t.EndpointsOf("cache-0").Any(e => e.Terminating), "cache-0 leaves");
        await Eventually.TrueAsync(async () => await client.NameAsync(key) == host.ReplicasOf(key)[1], "the key is at the next replica");
        var calls = leaving.Calls;
        Assert.DoesNotContain("cache-0", await NamesAsync(client, 40));

        cluster.Publish(cluster.Slice.Without("cache-0"));
        await host.SeesAsync(t => t.EndpointsOf("cache-0").IsEmpty, "cache-0 is gone");
        var answers = 1;
        while (await stream.ResponseStream.MoveNext(default))
        {
            Assert.Equal($"cache-0 {answers++}", stream.ResponseStream.Current);
        }

        Assert.Equal((40, calls), (answers, leaving.Calls));
    }

    [Fact]
    public async Task A_member_that_leaves_serves_its_keys_while_no_other_replica_can()
    {
        await using var cluster = await PodCluster.StartAsync(2);
        await using var host = await ClientHost.StartAsync(cluster, r => r.ByHeader("x-key").Replicas(2));
        var pods = new[] { cluster["cache-0"], cluster["cache-1"] };
        cluster.Publish(pods.Aggregate(
            cluster.Slice, (slice, pod) => slice.With(pod.Name, pod.Address, ready: false, serving: true, terminating: true)));
        await host.SeesAsync(t => t.Ready.IsEmpty, "all leave");

        var key = host.KeyOf("cache-1");
        Assert.Equal("cache-1", await host.Client.NameAsync(key));
    }

    [Fact]
    public async Task A_pod_that_is_dead_while_its_slice_lists_it_costs_no_call_and_gets_its_keys_back()
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var host = await ClientHost.StartAsync(cluster, r => r.ByHeader("x-key").Replicas(2).Retry());
        var client = host.Client;
        var key = host.KeyOf("cache-1");
        Assert.Equal("cache-1", await client.NameAsync(key));
        var dead = cluster["cache-1"];

        await dead.KillAsync();
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(host.ReplicasOf(key)[1], await client.NameAsync(key));
        }

        // Another pod at the same address: the pause before the next attempt to connect ends with the snapshot that tells it.
        await cluster.StartPodAsync("cache-1", dead.Address);
        cluster.Publish(cluster.Slice.With("cache-1", dead.Address, uid: "another"));
        await Eventually.TrueAsync(async () => await client.NameAsync(key) == "cache-1", "the key is back");
    }

    [Fact]
    public async Task Changes_of_a_slice_do_not_connect_again()
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var host = await ClientHost.StartAsync(cluster, r => r.ByHeader("x-key").Replicas(2).Retry());
        var client = host.Client;
        await NamesAsync(client, 30);
        var pod = cluster["cache-0"];
        for (var i = 0; i < 20; i++)
        {
            cluster.Publish(cluster.Slice.With("cache-0", pod.Address, ready: i % 2 == 1, zone: $"eu-{i}"));
            await NamesAsync(client, 10);
        }

        Assert.Equal([1, 1], [cluster["cache-1"].Accepted, cluster["cache-2"].Accepted]);

        // An endpoint that is not ready for a moment may be connected to again.
        Assert.InRange(pod.Accepted, 1, 11);
    }

    [Fact]
    public async Task Channels_share_one_watch_and_ask_the_api_server_nothing()
    {
        var requests = 0;
        await using var cluster = await PodCluster.StartAsync(3, options: new()
        {
            Intercept = (_, next) =>
            {
                Interlocked.Increment(ref requests);
                return next();
            },
        });
        await using var host = await ClientHost.StartAsync(cluster, r => r.Retry());
        await Eventually.TrueAsync(() => cluster.Server.OpenWatches == 1, "the watch");
        var before = requests;

        for (var i = 0; i < 20; i++)
        {
            using var channel = GrpcChannel.ForAddress(
                ClientHost.Address, new GrpcChannelOptions().UseKubeLoadBalancing(host.Services, r => r.ByHeader("x-key").Retry()));
            await new PodClient(channel).NameAsync($"key-{i}");
        }

        // A lost connection asks for a refresh.
        await cluster["cache-0"].KillAsync();
        await NamesAsync(host.Client, 40);

        Assert.Equal((before, 1), (requests, cluster.Server.OpenWatches));
    }

    [Fact]
    public async Task After_an_idle_connection_is_closed_a_key_is_with_its_owner_again()
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var host = await ClientHost.StartAsync(cluster, builder =>
            builder.Services.AddGrpcClient<PodClient>(o => o.Address = new(ClientHost.Address))
                .UseSocketsHttpHandler((handler, _) => handler.PooledConnectionIdleTimeout = TimeSpan.FromMilliseconds(10))
                .AddKubeLoadBalancing(r => r.ByHeader("x-key").Replicas(2)));
        var key = host.KeyOf("cache-1");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("cache-1", await host.Client.NameAsync(key));
            await Task.Delay(1100);
        }

        Assert.InRange(cluster["cache-1"].Accepted, 2, 3);
    }

    [Fact]
    public async Task Connections_can_be_opened_before_the_first_call()
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var host = await ClientHost.StartAsync(cluster);
        using var channel = GrpcChannel.ForAddress(ClientHost.Address, new GrpcChannelOptions().UseKubeLoadBalancing(host.Services));

        await channel.ConnectAsync();

        Assert.Equal(ConnectivityState.Ready, channel.State);
        await Eventually.TrueAsync(() => new[] { 0, 1, 2 }.All(i => cluster[$"cache-{i}"].Accepted == 1), "all are connected to");
    }

    [Fact]
    public async Task An_address_of_ipv6_works()
    {
        await using var cluster = await PodCluster.StartAsync(0);
        await using var pod = await Pod.StartAsync("six", "::1", PodCluster.Port);
        cluster.Publish(Slice.Of("cache-6", "cache", @namespace: "prod", addressType: "IPv6")
            .WithPort(PodCluster.Port, "grpc").With("six", "::1"));
        await using var host = await ClientHost.StartAsync(cluster, r => r.ByHeader("x-key"));

        Assert.Equal("six", await host.Client.NameAsync("key"));
        Assert.Equal("six", await host.Client.NameAsync());
    }

    [Fact]
    public async Task A_new_snapshot_changes_no_attribute_for_the_policies_of_grpc()
    {
        await using var cluster = await PodCluster.StartAsync(2);
        await using var host = await ClientHost.StartAsync(cluster);
        var target = KubeTarget.Of(new(ClientHost.Address), host.Services);
        var before = Address();
        cluster.Publish(cluster.Slice.With("cache-1", cluster["cache-1"].Address, zone: "eu-9"));
        await host.SeesAsync(t => t.EndpointsOf("cache-1")[0].Zone == "eu-9", "the change");

        Assert.Equal(before, Address());

        KeyValuePair<string, object?>[] Address() => [.. RouteTable
            .Of(host.Topology.Current.Required, host.Topology.CurrentRing.Required, target, new KubePodOptions())
            .Addresses()[0].Attributes.OrderBy(attribute => attribute.Key)];
    }

    [Theory]
    [InlineData("round_robin")] // gRPC's own
    [InlineData(KubeRingConfig.RoundRobinPolicy)]
    public async Task A_service_config_can_name_a_policy_without_keys(string policy)
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var host = await ClientHost.StartAsync(cluster);
        using var channel = GrpcChannel.ForAddress(ClientHost.Address, new GrpcChannelOptions
        {
            ServiceProvider = host.Services,
            Credentials = ChannelCredentials.Insecure,
            ServiceConfig = new() { LoadBalancingConfigs = { new LoadBalancingConfig(policy) } },
        });
        var client = new PodClient(channel);
        await Eventually.TrueAsync(async () => (await NamesAsync(client, 3)).Distinct().Count() == 3, "all pods");
    }

    [Fact]
    public async Task The_policy_works_in_a_service_config_of_the_application()
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var host = await ClientHost.StartAsync(cluster);
        using var channel = GrpcChannel.ForAddress(ClientHost.Address, new GrpcChannelOptions
        {
            ServiceProvider = host.Services,
            Credentials = ChannelCredentials.Insecure,
            ServiceConfig = new() { LoadBalancingConfigs = { new KubeRingConfig("x-key", replicas: 2) } },
        });

        var key = host.KeyOf("cache-2");
        Assert.Equal("cache-2", await new PodClient(channel).NameAsync(key));
    }

    [Fact]
    public async Task A_policy_with_invalid_settings_fails_the_call_and_says_why()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        await using var host = await ClientHost.StartAsync(cluster);
        using var channel = GrpcChannel.ForAddress(ClientHost.Address, new GrpcChannelOptions
        {
            ServiceProvider = host.Services,
            Credentials = ChannelCredentials.Insecure,
            ServiceConfig = new() { LoadBalancingConfigs = { new LoadBalancingConfig(KubeRingConfig.Policy) } },
        });

        var error = await Assert.ThrowsAsync<RpcException>(() => new PodClient(channel).NameAsync());
        Assert.Contains("kube_ring are invalid", error.Status.Detail, StringComparison.Ordinal);
    }

    private static Endpoint InZone(Pod pod, string zone) =>
        Slice.Of("x", "x").With(pod.Name, pod.Address, zone: zone).Endpoints[0] with { ForZones = [zone] };

    private static async Task<List<string>> NamesAsync(PodClient client, int count)
    {
        var names = new List<string>();
        for (var i = 0; i < count; i++)
        {
            names.Add(await client.NameAsync());
        }

        return names;
    }
}
