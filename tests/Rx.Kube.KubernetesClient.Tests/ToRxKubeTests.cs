using System.Net;
using System.Net.Http.Headers;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using k8s;
using k8s.Authentication;

namespace Rx.Kube.KubernetesClient.Tests;

public sealed class ToRxKubeTests
{
    private static readonly FakeApiServer.Answer EmptyList = new("""{"kind":"PodList","metadata":{"resourceVersion":"7"},"items":[]}""");

    [Fact]
    public async Task Requests_go_through_the_clients_handlers_to_its_address_with_its_credentials()
    {
        var server = new FakeApiServer(EmptyList);
        using var kubernetes = Client(server, new() { Host = "https://kube.example:6443/clusters/a", AccessToken = "the-token" });
        using var kube = kubernetes.ToRxKube();

        await ListPods(kube);

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("https://kube.example:6443/clusters/a/api/v1/pods?", request.Uri, StringComparison.Ordinal);
        Assert.Equal("Bearer the-token", request.Authorization);
        Assert.StartsWith("kubernetes-csharp", request.UserAgent, StringComparison.Ordinal);
        Assert.Equal("https://kube.example:6443/clusters/a/", kube.Server.AbsoluteUri);
    }

    [Fact]
    public void Nothing_is_sent_before_somebody_subscribes()
    {
        var server = new FakeApiServer(EmptyList);
        using var kubernetes = Client(server, new() { Host = "https://kube.example" });
        using var kube = kubernetes.ToRxKube();
        _ = kube.Resources(KubernetesKinds.Pods).List(ListOptions.MostRecent);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_client_without_credentials_sends_none()
    {
        var server = new FakeApiServer(EmptyList);
        using var kubernetes = Client(server, new() { Host = "http://localhost:8001" });
        Assert.Null(kubernetes.Credentials);
        using var kube = kubernetes.ToRxKube();

        await ListPods(kube);

        Assert.Null(Assert.Single(server.Requests).Authorization);
    }

    [Fact]
    public async Task Every_request_asks_for_the_token_of_now()
    {
        var server = new FakeApiServer(EmptyList);
        using var kubernetes = Client(server, new() { Host = "https://kube.example", TokenProvider = new CountingTokens() });
        using var kube = kubernetes.ToRxKube();

        await ListPods(kube);
        await ListPods(kube);

        Assert.Equal(["Bearer 1", "Bearer 2"], server.Requests.Select(r => r.Authorization));
    }

    [Fact]
    public async Task A_refused_token_is_asked_for_once_more()
    {
        var server = new FakeApiServer(new FakeApiServer.Answer("{}", HttpStatusCode.Unauthorized), EmptyList);
        using var kubernetes = Client(server, new() { Host = "https://kube.example", TokenProvider = new CountingTokens() });
        using var kube = kubernetes.ToRxKube();

        await ListPods(kube);

        Assert.Equal(["Bearer 1", "Bearer 2"], server.Requests.Select(r => r.Authorization));
    }

    [Fact]
    public async Task Disposing_the_connection_leaves_the_client_alone()
    {
        var server = new FakeApiServer(EmptyList);
        using var kubernetes = Client(server, new() { Host = "https://kube.example" });
        kubernetes.ToRxKube().Dispose();

        using var again = kubernetes.ToRxKube();
        await ListPods(again);

        Assert.Single(server.Requests);
    }

    [Fact]
    public void A_finite_timeout_is_refused_with_its_cure()
    {
        using var kubernetes = Client(new FakeApiServer(EmptyList), new() { Host = "https://kube.example" });
        kubernetes.HttpClient.Timeout = TimeSpan.FromSeconds(100);

        var error = Assert.Throws<ArgumentException>(() => kubernetes.ToRxKube());

        Assert.Equal("kubernetes", error.ParamName);
        Assert.Contains("00:01:40", error.Message, StringComparison.Ordinal);
        Assert.Contains("kubernetes.HttpClient.Timeout = Timeout.InfiniteTimeSpan", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_client_and_none_at_all_are_refused()
    {
        var kubernetes = Client(new FakeApiServer(EmptyList), new() { Host = "https://kube.example" });
        kubernetes.Dispose();
        Assert.Throws<ObjectDisposedException>(() => kubernetes.ToRxKube());
        Assert.Throws<ArgumentNullException>(() => ((Kubernetes)null!).ToRxKube());
    }

    [Fact]
    public void The_namespace_is_the_callers_or_default()
    {
        using var kubernetes = Client(new FakeApiServer(EmptyList), new() { Host = "https://kube.example", Namespace = "prod" });
        using var named = kubernetes.ToRxKube(options: new() { Namespace = "prod" });
        using var unnamed = kubernetes.ToRxKube();
        using var empty = kubernetes.ToRxKube(options: new() { Namespace = "" });
        Assert.Equal(("prod", "default", "default"), (named.Namespace, unnamed.Namespace, empty.Namespace));
    }

    private static Kubernetes Client(FakeApiServer server, KubernetesClientConfiguration config) => new(config, server);

    private static async Task ListPods(KubeConnection kube) =>
        await kube.Resources(KubernetesKinds.Pods).List(ListOptions.MostRecent).ToTask();

    private sealed class CountingTokens : ITokenProvider
    {
        private int _count;

        public Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new AuthenticationHeaderValue("Bearer", $"{++_count}"));
    }
}
