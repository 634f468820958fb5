using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>The trust in servers, and the use of client certificates, over real TLS on loopback.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly System.Collections.Concurrent.ConcurrentQueue<ConnectionNotice> _notices = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_right_authority_is_trusted_over_http2()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        using var kube = Connect(server.Url);

        await GetAsync(kube);

        Assert.Equal("HTTP/2", server.Requests.Single().Protocol);
    }

    [Fact]
    public async Task A_server_with_http1_only_works()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), protocols: HttpProtocols.Http1);
        using var kube = Connect(server.Url);

        await GetAsync(kube);

        Assert.Equal("HTTP/1.1", server.Requests.Single().Protocol);
    }

    [Fact]
    public async Task A_wrong_authority_is_refused_with_the_name_of_the_file()
    {
        await using var server = await LoopbackServer.StartAsync(new TestAuthority("another CA").IssueServer());
        using var kube = Connect(server.Url);

        var error = await RefusedAsync(kube, server);

        Assert.Contains(_folder["ca.crt"], error.Message, StringComparison.Ordinal);
        Assert.Contains("another CA", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_authority_in_data_is_refused_with_the_name_of_the_kubeconfig()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        using var kube = Connect(server.Url, authority: "certificate-authority-data: " + Base64(new TestAuthority("another CA").Pem));

        var error = await RefusedAsync(kube, server);

        Assert.Contains($"certificate-authority-data of cluster \"c\" in {_folder["config"]}", error.Message, StringComparison.Ordinal);
    }

    [OpenSslTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chain_that_is_too_long_to_check_is_refused_and_the_cause_is_told(bool isProxy)
    {
        var (last, chain) = LongChain();
        using var server = await OpenSslServer.StartAsync(
            _folder, last.IssueServer(), _authority, "-cert_chain", _folder.Write("chain.pem", chain));
        var url = $"https://127.0.0.1:{server.Port}";
        using var kube = isProxy ? Connect("https://127.0.0.1:1", $"proxy-url: {url}") : Connect(url);

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => GetAsync(kube));

        Assert.True(error.IsUntrusted, error.ToString());
        Assert.StartsWith(
            $"{(isProxy ? "The proxy " : "")}127.0.0.1:{server.Port} showed certificates that cannot be checked: there are too many",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_certificate_with_too_many_intermediates_is_an_error_of_the_configuration()
    {
        var (last, chain) = LongChain();
        var (certificate, key) = TestAuthority.PemOf(last.Issue("alice", []));
        _folder.Write("alice.crt", certificate + "\n" + chain);
        _folder.Write("alice.key", key);
        using var kube = Connect("https://127.0.0.1:1", user: "client-certificate: alice.crt\nclient-key: alice.key");

        var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => GetAsync(kube));

        Assert.Contains(
            $"{_folder["alice.crt"]} has certificates from which no chain can be built", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_authority_the_trust_store_of_the_machine_is_used()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        using var kube = Connect(server.Url, authority: "");

        Assert.Contains("trust store", (await RefusedAsync(kube, server)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_name_is_refused_with_both_names()
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
    public async Task A_certificate_that_is_not_valid_now_is_refused(int fromDays, int toDays)
    {
        var now = DateTimeOffset.UtcNow;
        await using var server = await LoopbackServer.StartAsync(
            _authority.Issue("server", ["127.0.0.1"], now.AddDays(fromDays), now.AddDays(toDays)));
        using var kube = Connect(server.Url);

        Assert.Contains("is not valid now", (await RefusedAsync(kube, server)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tls_server_name_is_sent_and_expected()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer("api.example"));
        using var kube = Connect(server.Url, "tls-server-name: api.example");

        await GetAsync(kube);

        Assert.Equal("api.example", server.Requests.Single().Sni);
    }

    [Theory]
    [InlineData("{}", "HTTP/2")]
    [InlineData("{as: carol, as-groups: [a, b]}", "HTTP/1.1")]
    public async Task The_host_header_follows_the_server_and_not_the_tls_server_name(string user, string protocol)
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer("kube.internal"));
        using var kube = Connect($"https://localhost:{server.Port}", "tls-server-name: kube.internal", user: user);

        await GetAsync(kube);

        var request = server.Requests.Single();
        Assert.Equal(($"localhost:{server.Port}", "kube.internal", protocol), (request.Host, request.Sni, request.Protocol));
    }

    [Fact]
    public async Task An_entry_of_the_CA_file_that_cannot_be_parsed_is_skipped()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        var broken = "-----BEGIN CERTIFICATE-----\nTm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n";
        using var kube = Connect(server.Url, authority: "certificate-authority-data: " + Base64(_authority.Pem + "\n" + broken + broken));

        await GetAsync(kube);
        await GetAsync(kube);

        var line = _authority.Pem.Count(c => c == '\n') + 2;
        Assert.Equal(
            $"certificate-authority-data of cluster \"c\" in {_folder["config"]} has 2 certificates that cannot be parsed, at line "
            + $"{line}, {line + 3}: skipped",
            Assert.Single(_notices, n => n.Kind == ConnectionNoticeKind.CertificateSkipped).Message);
    }

    [Fact]
    public async Task An_intermediate_of_the_client_certificate_that_cannot_be_parsed_is_skipped()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), asksForCertificate: true);
        var (certificate, key) = TestCertificate("alice");
        certificate += "\n-----BEGIN CERTIFICATE-----\nTm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n";
        using var kube = Connect(
            server.Url, user: $"client-certificate-data: {Base64(certificate)}\nclient-key-data: {Base64(key)}");

        await GetAsync(kube);

        Assert.Equal("CN=alice", server.Requests.Single().ClientCertificate!.Subject);
        Assert.Contains(
            "client-certificate-data of user \"u\"",
            Assert.Single(_notices, n => n.Kind == ConnectionNoticeKind.CertificateSkipped).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_tls_server_name_is_refused()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        using var kube = Connect(server.Url, "tls-server-name: other.example");

        await RefusedAsync(kube, server);
    }

    [Fact]
    public async Task With_skip_verify_every_certificate_is_trusted()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer("api.example"));
        using var kube = Connect(server.Url, "insecure-skip-tls-verify: true", authority: "");

        await GetAsync(kube);
    }

    [Fact]
    public async Task An_intermediate_from_the_server_leads_to_the_root()
    {
        var intermediate = new TestAuthority("intermediate", _authority);
        await using var server = await LoopbackServer.StartAsync(
            intermediate.IssueServer(), chain: [X509Certificate2.CreateFromPem(intermediate.Pem)]);
        using var kube = Connect(server.Url);

        await GetAsync(kube);
    }

    [Fact]
    public async Task An_intermediate_as_authority_is_enough()
    {
        var intermediate = new TestAuthority("intermediate", _authority);
        await using var server = await LoopbackServer.StartAsync(intermediate.IssueServer());
        using var kube = Connect(server.Url, authority: "certificate-authority-data: " + Base64(intermediate.Pem));

        await GetAsync(kube);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_client_certificate_is_sent(bool asData)
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
    public async Task A_rotated_client_certificate_gets_a_new_connection()
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
    public async Task A_stream_on_the_old_certificate_continues()
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
    public async Task A_redirect_does_not_receive_credentials()
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
    public async Task A_plain_http_server_behind_https_is_a_transport_error()
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

    // A session has the certificate that the server showed when it began, and .NET shares sessions by name: one of a connection that trusts
    // any certificate would be used by one that does not, and a server that has renewed its certificate would still be judged by the old.
    [OpenSslTheory]
    [InlineData("-tls1_2", false)]
    [InlineData("-tls1_3", false)]
    [InlineData("-tls1_2", true)]
    [InlineData("-tls1_3", true)]
    public async Task No_tls_session_is_resumed(string version, bool skips)
    {
        using var server = await OpenSslServer.StartAsync(
            _folder, _authority.IssueServer(), _authority, "-alpn", "http/1.1", version, "-www");
        var (certificate, key) = TestCertificate("alice");
        using var kube = Connect(
            $"https://localhost:{server.Port}", skips ? "insecure-skip-tls-verify: true" : "", skips ? "" : null,
            $"client-certificate-data: {Base64(certificate)}\nclient-key-data: {Base64(key)}");

        for (var i = 0; i < 3; i++)
        {
            using var response = await kube.GetAsync("api", default);
            Assert.Contains("\nNew, ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [OpenSslTheory]
    [InlineData("r")]
    [InlineData("R")]
    public async Task A_server_cannot_begin_another_handshake(string command)
    {
        using var server = await OpenSslServer.StartAsync(
            _folder, _authority.IssueServer(), _authority, "-alpn", "http/1.1", "-tls1_2");
        var (certificate, key) = TestCertificate("alice");
        using var kube = Connect(
            $"https://localhost:{server.Port}", user: $"client-certificate-data: {Base64(certificate)}\nclient-key-data: {Base64(key)}");
        var get = GetAsync(kube);
        for (var attempt = 0; attempt < 10 && !get.IsCompleted; attempt++)
        {
            await Task.WhenAny(get, Task.Delay(1000)); // the server loses what it is told before the first handshake is complete
            server.Say(command);
        }

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => get.WaitAsync(TimeSpan.FromSeconds(1)));
        Assert.StartsWith($"localhost:{server.Port} ", error.Message, StringComparison.Ordinal);
    }

    private KubeConnection Connect(
        string server, string cluster = "", string? authority = null, string user = "{}",
        System.Reactive.Concurrency.IScheduler? clock = null)
    {
        _folder.Write("ca.crt", _authority.Pem);
        var path = _folder.Write(
            "config", ConfigText.Of($"server: {server}\n{authority ?? "certificate-authority: ca.crt"}\n{cluster}", user));
        return KubeConnection.FromKubeconfig(path, options: TestOptions.With(scheduler: clock) with { OnNotice = _notices.Enqueue });
    }

    // More than a hundred certificates, for which .NET throws an exception instead of building a chain.
    private (TestAuthority Last, string Pem) LongChain()
    {
        var (last, pem) = (_authority, "");
        for (var i = 1; i <= 130; i++)
        {
            last = new TestAuthority($"CA {i}", last, margin: i);
            pem = last.Pem + "\n" + pem;
        }

        return (last, pem);
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
