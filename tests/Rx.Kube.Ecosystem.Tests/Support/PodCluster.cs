using Rx.Kube.Models;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Ecosystem.Tests.Support;

/// <summary>An API server, and the pods <c>cache-0</c>, <c>cache-1</c>, … of the Service <c>prod/cache</c>.</summary>
internal sealed class PodCluster : IAsyncDisposable
{
    private static int _clusters;

    private PodCluster(ApiServerSimulator server, Pod[] pods) => (Server, Pods) = (server, pods);

    public ApiServerSimulator Server { get; }

    public Pod[] Pods { get; }

    public static async Task<PodCluster> StartAsync(int count)
    {
        var network = $"127.{20 + (Environment.ProcessId % 200)}.{Interlocked.Increment(ref _clusters)}";
        var pods = await Task.WhenAll(Enumerable.Range(0, count).Select(i => Pod.StartAsync($"cache-{i}", $"{network}.{i + 1}")));
        var cluster = new PodCluster(await ApiServerSimulator.StartAsync(), pods);
        cluster.Publish((_, endpoint) => endpoint);
        return cluster;
    }

    /// <summary>Publishes all pods, with what a function makes of each endpoint.</summary>
    public void Publish(Func<int, Endpoint, Endpoint> change)
    {
        var slice = Pods.Aggregate(
            Slice.Of("cache-abc", "cache", @namespace: "prod").WithPort(Pod.Http, "http").WithPort(Pod.Grpc, "grpc"),
            (slice, pod) => slice.With(pod.Name, pod.Address));
        Server.Cluster.Apply((slice with { Endpoints = [.. slice.Endpoints.Select((endpoint, i) => change(i, endpoint))] }).Manifest());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in Pods)
        {
            await pod.DisposeAsync();
        }

        await Server.DisposeAsync();
    }
}
