using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using System.Text.Json.Nodes;
using k8s;
using Rx.Kube.Simulator;

namespace Rx.Kube.KubernetesClient.Tests.Docs;

/// <summary>The code of docs/kubernetesclient.md and docs/from-kubernetesclient.md does what the page says.</summary>
public sealed class PageSampleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_members_of_a_Service_come_from_an_injected_client()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Create("endpointslices", Slice());
        var configuration = new KubernetesClientConfiguration { Host = server.Url.AbsoluteUri, Namespace = "prod" };
        using IKubernetes kubernetes = new Kubernetes(configuration);
        using var members = new CacheMembers(kubernetes, configuration);

        var topology = await members.Topology.WhereSynced().FirstAsync().Timeout(Patience).ToTask();

        Assert.Equal("10.0.0.1", $"{topology.Members}");
    }

    [Fact]
    public async Task The_loop_keeps_what_was_deleted_while_it_was_away_and_the_stream_does_not()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Create("endpointslices", Slice());
        var configuration = new KubernetesClientConfiguration { Host = server.Url.AbsoluteUri, Namespace = "prod" };
        using IKubernetes kubernetes = new Kubernetes(configuration);
        var loop = new WatchLoop(kubernetes);
        using var stop = new CancellationTokenSource();
        var running = loop.RunAsync(stop.Token);
        using var members = new Members(kubernetes, configuration);
        using var seen = new ReplaySubject<ServiceTopology>();
        using var subscription = members.Cache.WhereSynced().Subscribe(seen);
        await seen.FirstAsync(topology => topology.Members.Count == 1).Timeout(Patience).ToTask();
        while (!loop.Addresses.Any())
        {
            await Task.Delay(20);
        }

        server.Offline = true;
        var slice = server.Cluster.List("endpointslices", "prod")[0];
        server.Cluster.Delete("endpointslices", "prod", (string)slice["metadata"]!["name"]!);
        server.Offline = false;

        await seen.FirstAsync(topology => topology.Freshness.IsLive && topology.Members.Count == 0).Timeout(Patience).ToTask();
        Assert.Equal(["10.0.0.1"], loop.Addresses);
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Models_are_stored_and_folded()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Create("endpointslices", Slice());
        server.Cluster.Create("pods", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "cache-0", ["namespace"] = "prod" } });
        using var kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = server.Url.AbsoluteUri });
        using var kube = kubernetes.ToRxKube();
        var (pods, _, topology) = PageSamples.Models(kube);

        Assert.Equal("prod/cache-0", $"{Assert.Single((await pods.FirstAsync().Timeout(Patience).ToTask()).Keys)}");
        Assert.Equal("10.0.0.1", $"{(await topology.WhereSynced().FirstAsync().Timeout(Patience).ToTask()).Members}");
        Assert.Equal("shards.example.com", $"{PageSamples.Kind()}");
    }

    private static JsonObject Slice() => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = "cache-1",
            ["namespace"] = "prod",
            ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = "cache" },
        },
        ["addressType"] = "IPv4",
        ["endpoints"] = new JsonArray(new JsonObject { ["addresses"] = new JsonArray("10.0.0.1") }),
        ["ports"] = new JsonArray(new JsonObject { ["port"] = 80 }),
    };
}
