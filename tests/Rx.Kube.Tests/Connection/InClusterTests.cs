using System.Net;
using System.Reactive.Concurrency;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

public sealed class InClusterTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly HistoricalScheduler _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public InClusterTests()
    {
        _folder.Write("token", "first\n");
        _folder.Write("ca.crt", _authority.Pem);
        _folder.Write("namespace", "prod");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("10.0.0.1", "443", "https://10.0.0.1/")]
    [InlineData("fd00::1", "6443", "https://[fd00::1]:6443/")]
    [InlineData("kubernetes.default.svc", "443", "https://kubernetes.default.svc/")]
    public void Address_and_namespace_come_from_the_pod(string host, string port, string server)
    {
        using var kube = KubeConnection.InCluster(Pod(host, port));

        Assert.Equal(server, kube.Server.AbsoluteUri);
        Assert.Equal("prod", kube.Namespace);
    }

    [Fact]
    public void The_impersonation_of_the_options_is_used_in_a_pod_too()
    {
        var target = InClusterLoader.Load(Pod("10.0.0.1", "443") with { ImpersonateUser = "jane", ImpersonateGroups = ["dev"] });
        Assert.Equal(
            ["Impersonate-User: jane", "Impersonate-Group: dev"], target.Impersonation!.Headers.Select(h => $"{h.Key}: {h.Value}"));
    }

    [Fact]
    public void Without_a_namespace_file_the_namespace_is_default()
    {
        File.Delete(_folder["namespace"]);
        using var kube = KubeConnection.InCluster(Pod("10.0.0.1", "443"));

        Assert.Equal("default", kube.Namespace);
    }

    [Theory]
    [InlineData("", "443", "KUBERNETES_SERVICE_HOST is not set")]
    [InlineData("h", "", "KUBERNETES_SERVICE_PORT is not set")]
    [InlineData("h", "x", "is not a port")]
    [InlineData("h", "70000", "is not a port")]
    [InlineData("h/../evil", "443", "is not a host name")]
    public void A_bad_environment_is_an_error(string host, string port, string expected)
    {
        var error = Assert.Throws<KubeConfigurationException>(() => KubeConnection.InCluster(Pod(host, port)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("To fix:", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("ca.crt")]
    public void A_missing_file_is_named(string file)
    {
        File.Delete(_folder[file]);

        var error = Assert.Throws<KubeConfigurationException>(() => KubeConnection.InCluster(Pod("h", "1")));

        Assert.Contains(_folder[file], error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token", "")]
    [InlineData("token", "two words")]
    [InlineData("ca.crt", "no certificate")]
    [InlineData("ca.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void A_broken_file_is_named(string file, string content)
    {
        _folder.Write(file, content);

        var error = Assert.Throws<KubeConfigurationException>(() => KubeConnection.InCluster(Pod("h", "1")));

        Assert.Contains(_folder[file], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_token_is_used_within_a_minute()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        using var kube = KubeConnection.InCluster(TestOptions.Pod(_folder, "127.0.0.1", server.Port, _clock));

        await GetAsync(kube);
        _folder.Write("token", "second");
        _clock.AdvanceBy(TimeSpan.FromSeconds(59));
        await GetAsync(kube);
        _clock.AdvanceBy(TimeSpan.FromSeconds(1));
        await GetAsync(kube);

        Assert.Equal(["Bearer first", "Bearer first", "Bearer second"], server.Requests.Select(r => r.Headers.Authorization.ToString()));
    }

    [Fact]
    public async Task A_rotated_token_is_used_at_once_after_a_401()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), context =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization == "Bearer second" ? 200 : 401;
            return Task.CompletedTask;
        });
        using var kube = KubeConnection.InCluster(TestOptions.Pod(_folder, "127.0.0.1", server.Port, _clock));
        _folder.Write("token", "second");

        await GetAsync(kube);

        Assert.Equal(["Bearer first", "Bearer second"], server.Requests.Select(r => r.Headers.Authorization.ToString()));
    }

    [Fact]
    public async Task An_unchanged_token_is_not_tried_twice()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), context =>
        {
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        });
        using var kube = KubeConnection.InCluster(TestOptions.Pod(_folder, "127.0.0.1", server.Port, _clock));

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => GetAsync(kube));

        Assert.Single(server.Requests);
        Assert.Contains(_folder["token"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_token_of_a_vanished_file_is_used_until_it_is_refused()
    {
        var refuse = false;
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), context =>
        {
            context.Response.StatusCode = refuse ? 401 : 200;
            return Task.CompletedTask;
        });
        using var kube = KubeConnection.InCluster(TestOptions.Pod(_folder, "127.0.0.1", server.Port, _clock));
        File.Delete(_folder["token"]);
        _clock.AdvanceBy(TimeSpan.FromHours(1));

        await GetAsync(kube);
        refuse = true;
        var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => GetAsync(kube));

        Assert.Contains(_folder["token"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_authority_is_used_by_the_next_handshake()
    {
        var next = new TestAuthority("next CA");
        await using var server = await LoopbackServer.StartAsync(next.IssueServer());
        using var kube = KubeConnection.InCluster(TestOptions.Pod(_folder, "127.0.0.1", server.Port, _clock));

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => GetAsync(kube));
        Assert.True(error.IsUntrusted);
        _folder.Write("ca.crt", next.Pem);
        await GetAsync(kube);

        Assert.Single(server.Requests);
    }

    [Fact]
    public void Environment_proxies_are_not_used()
    {
        var options = TestOptions.With(
            new() { ["KUBERNETES_SERVICE_HOST"] = "10.0.0.1", ["KUBERNETES_SERVICE_PORT"] = "443", ["HTTPS_PROXY"] = "http://proxy:1" },
            _folder.Path, _clock);

        Assert.Null(InClusterLoader.Load(options).Proxy);
    }

    private KubeConnectionOptions Pod(string host, string port) => TestOptions.With(
        new() { ["KUBERNETES_SERVICE_HOST"] = host, ["KUBERNETES_SERVICE_PORT"] = port }, _folder.Path, _clock);

    private static async Task GetAsync(KubeConnection kube)
    {
        using var response = await kube.GetAsync("api", default);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
