using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Rx.Kube.Grpc.Tests.Support;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Grpc.Tests;

/// <summary>What an address means, the port, the wait for the first list, and errors.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("k8s:///cache")]
    [InlineData("k8s:///cache:grpc")]
    [InlineData("k8s:///cache:5095")]
    [InlineData("k8s:///cache.prod")]
    [InlineData("k8s:///cache.prod.svc:grpc")]
    [InlineData("K8S:///Cache.Prod.svc.cluster.local:5095")]
    public async Task An_address_names_a_service_and_a_port(string address)
    {
        await using var cluster = await PodCluster.StartAsync(1);
        await using var host = await ClientHost.StartAsync(cluster);
        using var channel = Channel(host, address);

        Assert.Equal("cache-0", await new PodClient(channel).NameAsync());
    }

    [Theory]
    [InlineData("k8s:///other", "registered are cache (prod/cache)")]
    [InlineData("k8s:///cache.dev", "names a Service that is not registered")]
    [InlineData("k8s://cache", "three")]
    [InlineData("k8s:///", "is not k8s:///SERVICE.NAMESPACE:PORT")]
    [InlineData("k8s:///cache:", "is not k8s:///SERVICE.NAMESPACE:PORT")]
    [InlineData("k8s:///cache/grpc", "is not k8s:///SERVICE.NAMESPACE:PORT")]
    public async Task An_address_that_means_nothing_is_an_error_of_the_channel(string address, string message)
    {
        await using var cluster = await PodCluster.StartAsync(0);
        await using var host = await ClientHost.StartAsync(cluster);

        var error = Assert.Throws<InvalidOperationException>(() => Channel(host, address));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_topology_the_channel_says_what_to_call()
    {
        using var services = new ServiceCollection().AddKubeGrpc().BuildServiceProvider();

        var error = Assert.Throws<InvalidOperationException>(
            () => GrpcChannel.ForAddress("k8s:///cache", new GrpcChannelOptions().UseKubeLoadBalancing(services)));
        Assert.Contains("AddKubeTopology", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channel_needs_no_host()
    {
        await using var cluster = await PodCluster.StartAsync(2);
        await using var services = new ServiceCollection()
            .AddKubeConnection(connection => connection.Server = cluster.Server.Url)
            .AddKubeTopology("cache", topology => topology.Namespace = "prod")
            .AddKubeGrpc()
            .BuildServiceProvider();
        using var channel = GrpcChannel.ForAddress(
            "k8s:///cache:grpc", new GrpcChannelOptions().UseKubeLoadBalancing(services, r => r.ByHeader("x-key").Replicas(2)));

        Assert.StartsWith("cache-", await new PodClient(channel).NameAsync("user-42"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("k8s:///cache:http", "no port named 'http'")]
    [InlineData("k8s:///cache:99", "admin 7/TCP, grpc 5095/TCP")]
    public async Task A_port_that_does_not_exist_fails_the_call_and_names_those_that_do(string address, string message)
    {
        await using var cluster = await PodCluster.StartAsync(1);
        await using var host = await ClientHost.StartAsync(cluster);
        using var channel = Channel(host, address);

        var error = await Assert.ThrowsAsync<RpcException>(() => new PodClient(channel).NameAsync());
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains(message, error.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("web", "cache-0")]
    [InlineData("admin web", "no port named 'grpc', and not exactly one port. Its ports: admin 7/TCP, web 5095/TCP")]
    public async Task Without_a_port_named_grpc_the_only_port_is_used_and_never_the_first_of_several(string ports, string expected)
    {
        await using var cluster = await PodCluster.StartAsync(1);
        var slice = ports.Split(' ').Aggregate(
            Slice.Of("cache-abc", "cache", @namespace: "prod"),
            (slice, name) => slice.WithPort(name == "admin" ? 7 : PodCluster.Port, name));
        cluster.Publish(slice.With("cache-0", cluster["cache-0"].Address));
        await using var host = await ClientHost.StartAsync(cluster);
        using var channel = Channel(host, "k8s:///cache");

        var answer = "";
        try
        {
            answer = await new PodClient(channel).NameAsync();
        }
        catch (RpcException e)
        {
            answer = e.Status.Detail;
        }

        Assert.Contains(expected, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_first_list_a_call_waits_then_fails_with_the_cause_and_works_when_the_list_is_there()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        cluster.Server.Faults.Inject(Fault.Status(403, "Forbidden"), times: 1_000_000);
        await using var host = await ClientHost.StartAsync(
            cluster,
            builder => builder.Services.AddGrpcClient<PodClient>(o => o.Address = new(ClientHost.Address)).AddKubeLoadBalancing(),
            topology => topology.FirstSyncTimeout = TimeSpan.FromMilliseconds(300));
        var client = host.Client;
        var clock = Stopwatch.StartNew();

        var error = await Assert.ThrowsAsync<RpcException>(() => client.NameAsync());

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("No complete list of prod/cache has arrived so far", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("kind: Role\n", error.Status.Detail, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));

        cluster.Server.Faults.Clear();
        await Eventually.TrueAsync(() => host.Topology.Current.Value is { Freshness.IsLive: true }, "the list");
        await Eventually.TrueAsync(async () => await NameOrErrorAsync(client) == "cache-0", "the call works");
    }

    [Fact]
    public async Task A_call_that_waits_for_the_first_list_is_answered_when_it_arrives()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        cluster.Server.Offline = true;
        await using var host = await ClientHost.StartAsync(
            cluster,
            builder => builder.Services.AddGrpcClient<PodClient>(o => o.Address = new(ClientHost.Address)).AddKubeLoadBalancing(),
            topology => topology.FirstSyncTimeout = TimeSpan.FromSeconds(1));
        var call = host.Client.NameAsync();
        await Task.Delay(100);
        Assert.False(call.IsCompleted);

        cluster.Server.Offline = false;
        Assert.Equal("cache-0", await call);
    }

    [Fact]
    public async Task A_call_that_waits_for_the_first_list_ends_with_its_deadline()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        cluster.Server.Offline = true;
        await using var host = await ClientHost.StartAsync(
            cluster,
            builder => builder.Services.AddGrpcClient<PodClient>(o => o.Address = new(ClientHost.Address)).AddKubeLoadBalancing(),
            topology => topology.FirstSyncTimeout = TimeSpan.FromSeconds(2));
        var clock = Stopwatch.StartNew();

        var error = await Assert.ThrowsAsync<RpcException>(() => host.Client.NameAsync(timeout: TimeSpan.FromMilliseconds(200)));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1.5), $"after {clock.Elapsed}");
    }

    [Fact]
    public async Task A_service_without_ready_endpoints_fails_the_call_and_says_why()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        cluster.Publish(cluster.Slice.Without("cache-0"));
        await using var host = await ClientHost.StartAsync(cluster);
        var client = host.Client;

        var error = await Assert.ThrowsAsync<RpcException>(() => client.NameAsync());
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("No endpoint of prod/cache can be used: it has no endpoints (live", error.Status.Detail, StringComparison.Ordinal);

        cluster.Publish(cluster.Slice.With("cache-0", cluster["cache-0"].Address));
        await Eventually.TrueAsync(async () => await NameOrErrorAsync(client) == "cache-0", "the call works");
    }

    [Fact]
    public async Task When_no_replica_can_be_reached_the_error_names_them()
    {
        await using var cluster = await PodCluster.StartAsync(2);
        await using var host = await ClientHost.StartAsync(cluster, r => r.ByHeader("x-key"));
        var key = host.KeyOf("cache-1");
        await cluster["cache-1"].KillAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => host.Client.NameAsync(key));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains(
            $"No replica of the key can be used: cache-1 is not reached at {cluster["cache-1"].Address}:5095",
            error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channel_outlives_the_stop_of_the_topology()
    {
        await using var cluster = await PodCluster.StartAsync(2);
        var host = await ClientHost.StartAsync(cluster);
        using var channel = Channel(host, ClientHost.Address);
        var client = new PodClient(channel);
        await client.NameAsync();

        await host.StopAsync();
        Assert.StartsWith("cache-", await client.NameAsync(), StringComparison.Ordinal);
        await host.DisposeAsync();
    }

    [Theory]
    [InlineData("X-Key")]
    [InlineData("key-bin")]
    [InlineData("grpc-timeout")]
    [InlineData("a b")]
    public void A_header_that_cannot_carry_a_text_is_refused(string header)
    {
        Assert.Throws<ArgumentException>(() => new KubeLoadBalancing().ByHeader(header));
        Assert.Throws<ArgumentException>(() => new KubeRingConfig(header));
    }

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        var balancing = new KubeLoadBalancing();
        Assert.Throws<ArgumentOutOfRangeException>(() => balancing.Replicas(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => balancing.Replicas(256));
        Assert.Throws<ArgumentOutOfRangeException>(() => balancing.Retry(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => balancing.Retry(2, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => balancing.Hedge(TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentException>(() => balancing.Tls("https://cache"));
        Assert.Throws<ArgumentNullException>(() => new GrpcChannelOptions().UseKubeLoadBalancing(null!));
    }

    private static GrpcChannel Channel(ClientHost host, string address) =>
        GrpcChannel.ForAddress(address, new GrpcChannelOptions().UseKubeLoadBalancing(host.Services));

    private static async Task<string> NameOrErrorAsync(PodClient client)
    {
        try
        {
            return await client.NameAsync();
        }
        catch (RpcException e)
        {
            return e.Status.Detail;
        }
    }
}
