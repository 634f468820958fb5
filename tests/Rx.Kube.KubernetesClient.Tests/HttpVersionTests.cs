using System.Collections.Concurrent;
using System.Net;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using k8s;
using Microsoft.AspNetCore.Http;
using Rx.Kube.Simulator;

namespace Rx.Kube.KubernetesClient.Tests;

/// <summary>Which version of HTTP requests ask for, and what that means for the number of connections.</summary>
public sealed class HttpVersionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Five_watches_over_TLS_take_one_connection()
    {
        var watches = new Watches(5);
        await using var server = await ApiServerSimulator.StartAsync(new() { Https = true, Intercept = watches.Note });
        using var kubernetes = new Kubernetes(new() { Host = server.Url.AbsoluteUri, SslCaCerts = [server.Certificate!] });
        using var kube = kubernetes.ToRxKube();

        using var subscription = FiveWatches(kube).Subscribe();
        await watches.Open.WaitAsync(Patience);

        Assert.Equal(["HTTP/2"], watches.Protocols);
        Assert.Single(watches.Connections);
    }

    [Fact]
    public async Task Over_plain_http_each_watch_has_a_connection_of_its_own()
    {
        var watches = new Watches(5);
        await using var server = await ApiServerSimulator.StartAsync(new() { Intercept = watches.Note });
        using var kubernetes = new Kubernetes(new() { Host = server.Url.AbsoluteUri });
        using var kube = kubernetes.ToRxKube();

        using var subscription = FiveWatches(kube).Subscribe();
        await watches.Open.WaitAsync(Patience);

        Assert.Equal(["HTTP/1.1"], watches.Protocols);
        Assert.Equal(5, watches.Connections.Count);
    }

    [Fact]
    public async Task A_client_that_prefers_HTTP2_without_TLS_gets_it()
    {
        var watches = new Watches(5);
        await using var server = await ApiServerSimulator.StartAsync(new() { Http2WithoutTls = true, Intercept = watches.Note });
        using var kubernetes = new Kubernetes(new() { Host = server.Url.AbsoluteUri });
        kubernetes.HttpClient.DefaultRequestVersion = HttpVersion.Version20;
        kubernetes.HttpClient.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var kube = kubernetes.ToRxKube();

        using var subscription = FiveWatches(kube).Subscribe();
        await watches.Open.WaitAsync(Patience);

        Assert.Equal(["HTTP/2"], watches.Protocols);
        Assert.Single(watches.Connections);
    }

    [Theory]
    [InlineData(false, "2.0 RequestVersionOrLower")]
    [InlineData(true, "1.1 RequestVersionOrLower")]
    public async Task Requests_ask_for_the_version_that_the_clients_own_requests_ask_for(bool disableHttp2, string version)
    {
        var server = new FakeApiServer(new FakeApiServer.Answer("""{"kind":"PodList","metadata":{"resourceVersion":"7"},"items":[]}"""));
        var configuration = new KubernetesClientConfiguration { Host = "https://kube.example", DisableHttp2 = disableHttp2 };
        using var kubernetes = new Kubernetes(configuration, server);
        using var kube = kubernetes.ToRxKube(configuration);

        await kube.Resources(KubernetesKinds.Pods).List(ListOptions.MostRecent).ToTask();
        await kubernetes.CoreV1.ListPodForAllNamespacesAsync();

        Assert.Equal([version, version], server.Requests.Select(r => r.Version));
    }

    private static IObservable<object> FiveWatches(KubeConnection kube) => Observable.Merge<object>(
        kube.Resources(KubernetesKinds.Pods).Resume(),
        kube.Resources(KubernetesKinds.Services).Resume(),
        kube.Resources(KubernetesKinds.EndpointSlices).Resume(),
        kube.Resources(KubernetesKinds.Nodes).Resume(),
        kube.Resources(KubernetesKinds.Namespaces).Resume());

    /// <summary>Sees the watches that arrive at a server, and on which connections.</summary>
    private sealed class Watches(int expected)
    {
        private readonly ConcurrentQueue<(string Connection, string Protocol)> _seen = new();
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Open => _open.Task;

        public IReadOnlyList<string> Connections => [.. _seen.Select(s => s.Connection).Distinct()];

        public IEnumerable<string> Protocols => _seen.Select(s => s.Protocol).Distinct();

        public Task Note(HttpContext context, Func<Task> next)
        {
            if (context.Request.Query.ContainsKey("watch"))
            {
                _seen.Enqueue((context.Connection.Id, context.Request.Protocol));
                if (_seen.Count == expected)
                {
                    _open.TrySetResult();
                }
            }

            return next();
        }
    }
}
