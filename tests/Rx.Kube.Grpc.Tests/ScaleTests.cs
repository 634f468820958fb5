using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Rx.Kube.Grpc.Tests.Support;
using Rx.Kube.Testing;
using Xunit.Abstractions;

namespace Rx.Kube.Grpc.Tests;

/// <summary>A Service with 1,000 addresses, behind which one server counts the connections.</summary>
public sealed class ScaleTests(ITestOutputHelper output)
{
    private const int Count = 1000;
    private const int Port = 5195;

    [Theory]
    [MemberData(nameof(LoadVariants.ServiceDefaults), MemberType = typeof(LoadVariants))]
    public async Task Of_1000_addresses_only_those_that_are_needed_are_connected_to(bool aspire)
    {
        await using var cluster = await PodCluster.StartAsync(0);
        await using var all = await Pod.StartAsync("all", "0.0.0.0", Port);
        var slices = Enumerable.Range(0, Count / 100).Select(s => Enumerable.Range(0, 100).Aggregate(
            Slice.Of($"cache-{s}", "cache", @namespace: "prod").WithPort(Port, "grpc"),
            (slice, i) => slice.With($"cache-{(s * 100) + i}", $"127.250.{s + 1}.{i + 1}"))).ToArray();
        foreach (var slice in slices)
        {
            cluster.Server.Cluster.Apply(slice.Manifest());
        }

        await using var host = await ClientHost.StartAsync(cluster, r => r.ByHeader("x-key").Replicas(2).Retry(), aspire);
        await host.SeesAsync(t => t.Ready.Count == Count && host.Topology.CurrentRing.Required.Ring.Members.Length == Count, "all");
        var client = host.Client;
        var clock = Stopwatch.StartNew();
        await client.WhoAsync("key-0");
        var first = clock.Elapsed;
        Assert.InRange(all.Accepted, 1, 2);
        for (var i = 1; i <= 10; i++)
        {
            var address = (await client.WhoAsync($"key-{i}")).Split(' ')[2];
            Assert.Equal(host.Topology.Current.Required.EndpointsOf(host.ReplicasOf($"key-{i}")[0])[0].Address, address);
        }

        Assert.InRange(all.Accepted, 2, 11);

        // A hundred changes, and the connections stay.
        var accepted = all.Accepted;
        clock.Restart();
        for (var i = 0; i < 100; i++)
        {
            cluster.Server.Cluster.Apply(slices[9].With("cache-999", "127.250.10.100", zone: $"eu-{i}").Manifest());
        }

        await host.SeesAsync(t => t.EndpointsOf("cache-999")[0].Zone == "eu-99", "the last change");
        await client.WhoAsync("key-1");
        Assert.Equal(accepted, all.Accepted);
        output.WriteLine(
            $"first call {first.TotalMilliseconds:0} ms, 100 changes {clock.Elapsed.TotalMilliseconds:0} ms, {accepted} connections");

        // The policy of gRPC connects to all.
        using var eager = GrpcChannel.ForAddress("k8s:///cache", new GrpcChannelOptions
        {
            ServiceProvider = host.Services,
            Credentials = ChannelCredentials.Insecure,
            ServiceConfig = new() { LoadBalancingConfigs = { new RoundRobinConfig() } },
        });
        clock.Restart();
        await new PodClient(eager).WhoAsync();
        await Eventually.TrueAsync(() => all.Accepted >= Count, "the policy of gRPC connects to all");
        output.WriteLine($"round_robin: {all.Accepted - accepted} connections after {clock.Elapsed.TotalMilliseconds:0} ms");
    }
}
