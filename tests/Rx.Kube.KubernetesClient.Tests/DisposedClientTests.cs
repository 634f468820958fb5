using k8s;
using k8s.Models;
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
}
