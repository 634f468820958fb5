using System.Reactive.Threading.Tasks;
using k8s;
using Rx.Kube.Simulator;

namespace Rx.Kube.KubernetesClient.Tests;

/// <summary>The client as dependency injection hands it out: an <see cref="IKubernetes"/> and the configuration beside it.</summary>
public sealed class InjectedClientTests
{
    private static readonly FakeApiServer.Answer EmptyList = new("""{"kind":"PodList","metadata":{"resourceVersion":"7"},"items":[]}""");

    [Fact]
    public async Task A_Kubernetes_behind_the_interface_is_used_itself()
    {
        var server = new FakeApiServer(EmptyList);
        using IKubernetes kubernetes = new Kubernetes(new() { Host = "https://kube.example", AccessToken = "the-token" }, server);
        using var kube = kubernetes.ToRxKube();

        await List(kube);

        Assert.Equal("Bearer the-token", Assert.Single(server.Requests).Authorization);
    }

    [Fact]
    public async Task The_configuration_brings_the_namespace_and_the_name_for_TLS()
    {
        var configuration = new KubernetesClientConfiguration
        {
            Host = "https://10.0.0.1",
            Namespace = "prod",
            TlsServerName = "kube.internal",
        };
        var server = new FakeApiServer(EmptyList);
        using IKubernetes kubernetes = new Kubernetes(configuration, server);
        using var kube = kubernetes.ToRxKube(configuration);
        using var chosen = kubernetes.ToRxKube(configuration, new() { Namespace = "test" });

        await List(kube);

        Assert.Equal(("prod", "test"), (kube.Namespace, chosen.Namespace));
        Assert.Equal("kube.internal", Assert.Single(server.Requests).Host);
    }

    [Fact]
    public async Task A_client_that_shows_only_its_address_is_replaced_by_one_from_the_configuration()
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { Https = true, Tokens = SimulatedUser.TestTokens });
        var configuration = new KubernetesClientConfiguration
        {
            Host = "https://elsewhere.example",
            AccessToken = "reader-token",
            SslCaCerts = [server.Certificate!],
        };
        using var kube = HiddenClient.At(server.Url).ToRxKube(configuration);

        var list = await kube.Resources(KubernetesKinds.Pods).List(ListOptions.MostRecent).ToTask();

        Assert.Empty(list.Items);
        Assert.Equal(server.Url, kube.Server);
    }

    [Fact]
    public async Task The_replacement_sends_the_configured_user_agent_and_is_disposed_with_the_connection()
    {
        SocketsHttpHandler? handler = null;
        string? userAgent = null;
        await using var server = await ApiServerSimulator.StartAsync(new()
        {
            Intercept = (context, next) =>
            {
                userAgent = context.Request.Headers.UserAgent;
                return next();
            },
        });
        var configuration = new KubernetesClientConfiguration
        {
            Host = server.Url.AbsoluteUri,
            UserAgent = "my-service/1.0",
            FirstMessageHandlerSetup = h => handler = h,
        };
        var kube = HiddenClient.At(null).ToRxKube(configuration);
        await List(kube);

        kube.Dispose();

        Assert.Equal("my-service/1.0", userAgent);
        using var invoker = new HttpMessageInvoker(handler!, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => invoker.SendAsync(request, CancellationToken.None));
    }

    [Fact]
    public void A_client_that_shows_only_its_address_needs_the_configuration()
    {
        var error = Assert.Throws<ArgumentException>(() => HiddenClient.At(new Uri("https://kube.example")).ToRxKube());
        Assert.Equal("kubernetes", error.ParamName);
        Assert.Contains("ToRxKube(configuration)", error.Message, StringComparison.Ordinal);
    }

    private static async Task List(KubeConnection kube) =>
        await kube.Resources(KubernetesKinds.Pods).List(ListOptions.MostRecent).ToTask();
}
