using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Rx.Kube.Simulator;
using TestScheduler = Microsoft.Reactive.Testing.TestScheduler;

namespace Rx.Kube.KubernetesClient.Tests;

public sealed class DisposedClientTests
{
    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void A_disposed_client_ends_the_stream_with_an_error_that_says_so()
    {
        // A list, and then watches that the server closes at once.
        var server = new FakeApiServer(
            new FakeApiServer.Answer("""{"kind":"PodList","metadata":{"resourceVersion":"7"},"items":[]}"""), new FakeApiServer.Answer(""));
        var kubernetes = new Kubernetes(new() { Host = "https://kube.example" }, server);
        using var kube = kubernetes.ToRxKube(options: new() { Scheduler = _scheduler });
        var seen = _scheduler.CreateObserver<WatchEvent<V1Pod>>();
        using var subscription = kube.Resources(KubernetesKinds.Pods).Resume(ResumeOptions.WithoutJitter, _scheduler).Subscribe(seen);
        _scheduler.AdvanceBy(TimeSpan.FromMinutes(1).Ticks);
        var before = server.Requests.Count;
        Assert.True(before > 2);
        Assert.DoesNotContain(seen.Messages, m => m.Value.Exception is not null);

        kubernetes.Dispose();
        _scheduler.AdvanceBy(TimeSpan.FromHours(1).Ticks);

        var error = Assert.IsType<ObjectDisposedException>(seen.Messages[^1].Value.Exception);
        Assert.Contains("HttpClient for kube.example is disposed", error.Message, StringComparison.Ordinal);
        Assert.Contains("To fix:", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, server.Requests.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_open_watch_goes_on_until_the_server_closes_it(bool https)
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { Https = https });
        var kubernetes = new Kubernetes(new()
        {
            Host = server.Url.AbsoluteUri,
            SslCaCerts = https ? [server.Certificate!] : null,
        });
        using var kube = kubernetes.ToRxKube();
        var events = kube.Resources(KubernetesKinds.Pods).Watch(new WatchOptions("1"))
            .Concat(kube.Resources(KubernetesKinds.Pods).Watch(new WatchOptions("1")))
            .Do(e =>
            {
                if (e is WatchEvent<V1Pod>.Opened)
                {
                    kubernetes.Dispose();
                    server.Cluster.Create("pods", new() { ["metadata"] = new JsonObject { ["name"] = "cache-0", ["namespace"] = "prod" } });
                }
                else
                {
                    server.CloseWatches();
                }
            })
            .Select(e => e.GetType().Name)
            .Catch<string, Exception>(e => Observable.Return(e.GetType().Name));

        Assert.Equal(
            ["Opened", "Added", "ObjectDisposedException"], await events.ToList().Timeout(TimeSpan.FromSeconds(30)).ToTask());
    }
}
