using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>Which servers are trusted, and whom the client's certificate is shown to; over real TLS on loopback.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RightAuthority_IsTrusted_OverHttp2()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        using var kube = Connect(server.Url);

        await GetAsync(kube);

        Assert.Equal("HTTP/2", server.Requests.Single().Protocol);
    }

    [Fact]
    public async Task Http1Server_IsServed()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), protocols: HttpProtocols.Http1);
        using var kube = Connect(server.Url);

        await GetAsync(kube);

        Assert.Equal("HTTP/1.1", server.Requests.Single().Protocol);
    }

    [Fact]
    public async Task WrongAuthority_IsRefused_NamingTheFile()
    {
        await using var server = await LoopbackServer.StartAsync(new TestAuthority("another CA").IssueServer());
        using var kube = Connect(server.Url);

        var error = await RefusedAsync(kube, server);

        Assert.Contains(_folder["ca.crt"], error.Message, StringComparison.Ordinal);
        Assert.Contains("another CA", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongAuthorityInData_IsRefused_NamingTheKubeconfig()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        using var kube = Connect(server.Url, authority: "certificate-authority-data: " + Base64(new TestAuthority("another CA").Pem));

        var error = await RefusedAsync(kube, server);

        Assert.Contains($"certificate-authority-data of cluster \"c\" in {_folder["config"]}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoAuthority_MeansTheTrustStoreOfTheMachine()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        using var kube = Connect(server.Url, authority: "");

        Assert.Contains("trust store", (await RefusedAsync(kube, server)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongName_IsRefused_NamingBoth()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer("api.example"));
        using var kube = Connect(server.Url);

        var error = await RefusedAsync(kube, server);

        Assert.Contains("for api.example, not for 127.0.0.1", error.Message, StringComparison.Ordinal);
        Assert.Contains("tls-server-name", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-20, -10)]
    [InlineData(10, 20)]
    public async Task WrongTime_IsRefused(int fromDays, int toDays)
    {
        var now = DateTimeOffset.UtcNow;
        await using var server = await LoopbackServer.StartAsync(
            _authority.Issue("server", ["127.0.0.1"], now.AddDays(fromDays), now.AddDays(toDays)));
        using var kube = Connect(server.Url);

        Assert.Contains("is not valid now", (await RefusedAsync(kube, server)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TlsServerName_IsAskedForAndExpected()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer("api.example"));
        using var kube = Connect(server.Url, "tls-server-name: api.example");

        await GetAsync(kube);

        Assert.Equal("api.example", server.Requests.Single().Sni);
    }

    [Fact]
    public async Task WrongTlsServerName_IsRefused()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        using var kube = Connect(server.Url, "tls-server-name: other.example");

        await RefusedAsync(kube, server);
    }

    [Fact]
    public async Task SkipVerify_TrustsAnything()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer("api.example"));
        using var kube = Connect(server.Url, "insecure-skip-tls-verify: true", authority: "");

        await GetAsync(kube);
    }

    [Fact]
    public async Task IntermediateTheServerSends_LeadsToTheRoot()
    {
        var intermediate = new TestAuthority("intermediate", _authority);
        await using var server = await LoopbackServer.StartAsync(
            intermediate.IssueServer(), chain: [X509Certificate2.CreateFromPem(intermediate.Pem)]);
        using var kube = Connect(server.Url);

        await GetAsync(kube);
    }

    [Fact]
    public async Task IntermediateAsAuthority_IsEnough()
    {
        var intermediate = new TestAuthority("intermediate", _authority);
        await using var server = await LoopbackServer.StartAsync(intermediate.IssueServer());
        using var kube = Connect(server.Url, authority: "certificate-authority-data: " + Base64(intermediate.Pem));

        await GetAsync(kube);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ClientCertificate_IsShown(bool asData)
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), asksForCertificate: true);
        var (certificate, key) = TestCertificate("alice");
        _folder.Write("pki/alice.crt", certificate);
        _folder.Write("pki/alice.key", key);
        using var kube = Connect(server.Url, user: asData
            ? $"client-certificate-data: {Base64(certificate)}\nclient-key-data: {Base64(key)}"
            : "client-certificate: pki/alice.crt\nclient-key: pki/alice.key");

        await GetAsync(kube);

        Assert.Equal("CN=alice", server.Requests.Single().ClientCertificate!.Subject);
    }

    [Fact]
    public async Task RotatedClientCertificate_GetsANewConnection()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), asksForCertificate: true);
        var clock = new System.Reactive.Concurrency.HistoricalScheduler();
        Write("alice");
        using var kube = Connect(server.Url, user: "client-certificate: u.crt\nclient-key: u.key", clock: clock);

        await GetAsync(kube);
        Write("bob");
        await GetAsync(kube);
        clock.AdvanceBy(TimeSpan.FromMinutes(1));
        await GetAsync(kube);

        Assert.Equal(["CN=alice", "CN=alice", "CN=bob"], server.Requests.Select(r => r.ClientCertificate!.Subject));

        void Write(string name)
        {
            var (certificate, key) = TestCertificate(name);
            _folder.Write("u.crt", certificate);
            _folder.Write("u.key", key);
        }
    }

    [Fact]
    public async Task StreamOnTheOldCertificate_GoesOn()
    {
        var end = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), async context =>
        {
            if (context.Request.Path == "/watch")
            {
                await context.Response.WriteAsync("one");
                await context.Response.Body.FlushAsync();
                await end.Task;
                await context.Response.WriteAsync("two");
            }
        }, asksForCertificate: true);
        var clock = new System.Reactive.Concurrency.HistoricalScheduler();
        Write(0);
        using var kube = Connect(server.Url, user: "client-certificate: u.crt\nclient-key: u.key", clock: clock);
        using var watch = await kube.GetAsync("watch", default);

        for (var rotation = 1; rotation <= 3; rotation++)
        {
            Write(rotation);
            clock.AdvanceBy(TimeSpan.FromMinutes(1));
            await GetAsync(kube);
        }

        end.SetResult();
        Assert.Equal("onetwo", await watch.Content.ReadAsStringAsync());

        void Write(int rotation)
        {
            var (certificate, key) = TestCertificate($"u{rotation}");
            _folder.Write("u.crt", certificate);
            _folder.Write("u.key", key);
        }
    }

    [Fact]
    public async Task Redirect_TakesNoCredentialAlong()
    {
        await using var other = await LoopbackServer.StartAsync(_authority.IssueServer(), asksForCertificate: true);
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), context =>
        {
            context.Response.Redirect(other.Url + "/api");
            return Task.CompletedTask;
        });
        using var kube = Connect(server.Url, user: "token: SECRET\nas: root");

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => GetAsync(kube));

        Assert.Equal(302, error.Status.Code);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task PlainHttpServer_BehindHttps_IsATransportError()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            _ = await client.GetStream().ReadAtLeastAsync(new byte[1024], 1);
            await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        });
        using var kube = Connect($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => GetAsync(kube));

        Assert.False(error.IsUntrusted);
        Assert.Contains("TLS handshake", error.Message, StringComparison.Ordinal);
        await serving;
    }

    private KubeConnection Connect(
        string server, string cluster = "", string? authority = null, string user = "{}", System.Reactive.Concurrency.IScheduler? clock = null)
    {
        _folder.Write("ca.crt", _authority.Pem);
        var path = _folder.Write("config", ConfigText.Of($"server: {server}\n{authority ?? "certificate-authority: ca.crt"}\n{cluster}", user));
        return KubeConnection.FromKubeconfig(path, options: TestOptions.With(scheduler: clock));
    }

    private (string Certificate, string Key) TestCertificate(string name) => TestAuthority.PemOf(_authority.Issue(name, []));

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private static async Task<KubeTransportException> RefusedAsync(KubeConnection kube, LoopbackServer server)
    {
        var error = await Assert.ThrowsAsync<KubeTransportException>(() => GetAsync(kube));
        Assert.True(error.IsUntrusted, error.ToString());
        Assert.Contains("To fix:", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        return error;
    }

    private static async Task GetAsync(KubeConnection kube)
    {
        using var response = await kube.GetAsync("api", default);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
