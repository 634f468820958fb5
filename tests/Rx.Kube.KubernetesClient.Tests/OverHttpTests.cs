using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Rx.Kube.Simulator;

namespace Rx.Kube.KubernetesClient.Tests;

/// <summary>The whole way, over HTTP, with a server that knows who may come in.</summary>
public sealed class OverHttpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_client_watches_the_V1Pods_of_its_namespace_with_its_token()
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { Tokens = SimulatedUser.TestTokens });
        server.Cluster.Create("pods", Pod("cache-0"));
        using var kubernetes = new Kubernetes(new KubernetesClientConfiguration
        {
            Host = server.Url.AbsoluteUri,
            AccessToken = "reader-token",
        });
        using var kube = kubernetes.ToRxKube(options: new() { Namespace = "prod" });

        var events = kube.Resources(KubernetesKinds.Pods, new() { Namespace = kube.Namespace }).Resume()
            .Do(e => CreateAnother(e, server))
            .Take(2).Select(Text).Timeout(Patience).ToList().ToTask();

        Assert.Equal(["Listed v1 Pod cache-0", "Added v1 Pod cache-1"], await events);
    }

    private static void CreateAnother(WatchEvent<V1Pod> e, ApiServerSimulator server)
    {
        if (e is WatchEvent<V1Pod>.Listed)
        {
            server.Cluster.Create("pods", Pod("cache-1"));
        }
    }

    private static string Text(WatchEvent<V1Pod> e) => e switch
    {
        WatchEvent<V1Pod>.Listed { Items: [var pod] } => $"Listed {Text(pod)}",
        WatchEvent<V1Pod>.Added(var pod, _) => $"Added {Text(pod)}",
        _ => $"{e}",
    };

    private static string Text(V1Pod pod) => $"{pod.ApiVersion} {pod.Kind} {pod.Metadata.Name}";

    private static JsonObject Pod(string name) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "prod" },
    };
}
