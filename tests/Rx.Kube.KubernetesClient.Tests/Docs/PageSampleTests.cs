using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text.Json.Nodes;
using k8s;
using Rx.Kube.Simulator;

namespace Rx.Kube.KubernetesClient.Tests.Docs;

/// <summary>The code of docs/kubernetesclient.md does what the page says.</summary>
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
