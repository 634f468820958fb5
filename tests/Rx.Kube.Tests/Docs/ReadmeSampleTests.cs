using System.Text.Json.Nodes;
using ApplicationOfAUser;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs;

/// <summary>The README's code, run against a cluster.</summary>
[Collection(ProcessWide.Collection)]
public sealed class ReadmeSampleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_readmes_code_tells_joins_and_leaves_in_the_cluster_that_KUBECONFIG_names()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Create("endpointslices", Slice("cache-0", "cache-1"));
        using var file = new TemporaryFile(Kubeconfig(server.Url));
        using var variables = new ProcessVariables
        {
            ["KUBECONFIG"] = file.Path,
            ["KUBERNETES_SERVICE_HOST"] = null,
            ["NO_PROXY"] = "127.0.0.1",
        };
        using var console = new ConsoleLines();
        var done = new TaskCompletionSource();

        var running = ReadmeSample.RunAsync(done.Task);
        Assert.Equal("live: cache-0, cache-1", await console.NextAsync(Patience));
        server.Cluster.Replace("endpointslices", Slice("cache-0", "cache-1", "cache-2"));
        Assert.Equal("live: cache-0, cache-1, cache-2", await console.NextAsync(Patience));
        server.Cluster.Delete("endpointslices", "prod", "cache-abc");
        Assert.Equal("live: ", await console.NextAsync(Patience));

        done.SetResult();
        await running.WaitAsync(Patience);
    }

    private static JsonObject Slice(params string[] pods) => JsonNode.Parse(SliceJson.Manifest(pods.Index().Aggregate(
        Testing.Slice.Of("cache-abc", "cache", @namespace: "prod"),
        (slice, pod) => slice.With(pod.Item, $"10.0.0.{pod.Index + 1}"))))!.AsObject();

    private static string Kubeconfig(Uri server) =>
        $$$"""
        apiVersion: v1
        kind: Config
        current-context: here
        contexts: [{name: here, context: {cluster: here, user: me}}]
        clusters: [{name: here, cluster: {server: "{{{server}}}"}}]
        users: [{name: me, user: {token: any}}]
        """;

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
