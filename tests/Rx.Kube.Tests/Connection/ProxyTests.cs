using System.Net;
using System.Net.Sockets;
using System.Text;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>proxy-url, over a CONNECT proxy on loopback.</summary>
public sealed class ProxyTests : IDisposable
{
    private const string Canary = "canary-7d20";
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly ConnectProxy _proxy = new();

    public void Dispose()
    {
        _proxy.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_proxy_url_is_used_with_its_login()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        _proxy.Serving(server.Port, needsLogin: true);
        using var kube = Connect(server.Url, $"http://user:{Canary}@127.0.0.1:{_proxy.Port}");

        await GetAsync(kube);

        Assert.Single(server.Requests);
        Assert.Equal("HTTP/2", server.Requests.Single().Protocol);
        Assert.Contains(_proxy.Heard, line => line.StartsWith($"CONNECT 127.0.0.1:{server.Port}", StringComparison.Ordinal));
        Assert.Contains(
            _proxy.Heard,
            line => line == "Proxy-Authorization: Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"user:{Canary}")));
        Assert.DoesNotContain(_proxy.Heard, line => line.Contains("Bearer", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Basic realm=\"x\"\r\n")]
    [InlineData("Proxy-Authenticate: Negotiate, NTLM, Basic realm=\"x\"\r\nConnection: close\r\n")]
    [InlineData("Proxy-Authenticate: Negotiate\r\nConnection: close\r\n")]
    public async Task The_login_is_basic_whatever_the_proxy_offers(string challenges)
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        using var proxy = new ConnectProxy { Challenges = challenges, Login = "user:p@ss" }.Serving(server.Port, needsLogin: true);
        using var kube = Connect(server.Url, $"http://user:p%40ss@127.0.0.1:{proxy.Port}");

        await GetAsync(kube);

        Assert.Single(server.Requests);
        Assert.Single(proxy.Heard, line => line.StartsWith("CONNECT ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_login_is_told_from_a_missing_one_and_not_repeated()
    {
        using var proxy = new ConnectProxy { Login = "user:right" }.Serving(0, needsLogin: true);
        using var kube = Connect("https://127.0.0.1:1", $"http://user:{Canary}@127.0.0.1:{proxy.Port}");

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => GetAsync(kube));

        Assert.Contains("does not accept the login of its address (407 Login)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, error.ToString(), StringComparison.Ordinal);
        Assert.Single(proxy.Heard, line => line.StartsWith("CONNECT ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_login_reaches_a_proxy_in_front_of_a_plain_server()
    {
        using var proxy = new ConnectProxy { Login = "user:p@ss" }.Serving(0, needsLogin: true);
        using var kube = Connect("http://127.0.0.1:1", $"http://user:p%40ss@127.0.0.1:{proxy.Port}", cluster: "");

        await GetAsync(kube);

        Assert.Single(proxy.Heard, line => line.StartsWith("GET http://127.0.0.1:1/api ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "127.0.0.1")]
    [InlineData("user:p%40ss@", "127.0.0.1")]
    [InlineData("user:p%40ss@", "localhost")]
    public async Task A_socks5_proxy_resolves_names_and_gets_the_login(string login, string host)
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer("kube.internal"));
        using var proxy = new SocksProxy(login.Length > 0 ? "user:p@ss" : null).Serving(server.Port);
        using var kube = Connect(
            $"https://{host}:{server.Port}", $"socks5://{login}127.0.0.1:{proxy.Port}",
            "certificate-authority: ca.crt\ntls-server-name: kube.internal");

        await GetAsync(kube);

        Assert.Equal(($"{host}:{server.Port}", "kube.internal"), (server.Requests.Single().Host, server.Requests.Single().Sni));
        Assert.Equal($"{host}:{server.Port}", Assert.Single(proxy.Targets));
    }

    [Theory]
    [InlineData("", "it asks for a login")]
    [InlineData("user:" + Canary + "@", "it does not accept the login of its address")]
    public async Task A_socks5_proxy_that_refuses_is_named_without_its_login(string login, string expected)
    {
        using var proxy = new SocksProxy("user:right").Serving(0);
        using var kube = Connect("https://127.0.0.1:1", $"socks5://{login}127.0.0.1:{proxy.Port}");

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => GetAsync(kube));

        Assert.StartsWith(
            $"127.0.0.1:1 cannot be reached through the proxy 127.0.0.1:{proxy.Port}: the proxy refused the connection: {expected}.",
            error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_a_proxy_too_the_host_header_follows_the_server()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer("kube.internal"));
        _proxy.Serving(server.Port);
        using var kube = Connect(
            $"https://127.0.0.1:{server.Port}", _proxy.Url, "certificate-authority: ca.crt\ntls-server-name: kube.internal");

        await GetAsync(kube);

        var request = server.Requests.Single();
        Assert.Equal(($"127.0.0.1:{server.Port}", "kube.internal", "HTTP/2"), (request.Host, request.Sni, request.Protocol));
        Assert.Contains(_proxy.Heard, line => line.StartsWith($"CONNECT 127.0.0.1:{server.Port} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusing_proxy_is_named_without_its_login()
    {
        _proxy.Serving(0, needsLogin: true);
        using var kube = Connect("https://127.0.0.1:1", _proxy.Url);

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => GetAsync(kube));

        Assert.Contains($"through the proxy 127.0.0.1:{_proxy.Port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("the proxy refused", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(-1, 100)]
    [InlineData(0, 100)]
    [InlineData(1, 100)]
    public async Task The_head_of_the_answer_of_a_proxy_is_limited(int beyond, int? option)
    {
        var limits = option is { } bytes ? new ConnectionLimits { MaxProxyHeadBytes = bytes } : ConnectionLimits.Default;
        const string Start = "HTTP/1.1 503 Busy\r\nX: ", End = "\r\n\r\n";
        var head = Start.PadRight(limits.MaxProxyHeadBytes - End.Length + beyond, 'x') + End;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            _ = await client.GetStream().ReadAtLeastAsync(new byte[1024], 1);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
            await client.GetStream().ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
        });
        using var kube = Connect("https://127.0.0.1:1", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", limits: limits);

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => GetAsync(kube));

        var why = beyond <= 0 ? "503 Busy"
            : $"its answer is longer than {option ?? 16_384} bytes, which is ConnectionLimits.MaxProxyHeadBytes";
        Assert.Contains(
            $"the proxy refused the connection: {why}. To fix: check the proxy's address",
            error.Message, StringComparison.Ordinal);
        await Record.ExceptionAsync(() => serving);
    }

    [Fact]
    public async Task A_missing_proxy_is_named_without_its_login()
    {
        _proxy.Dispose();
        using var kube = Connect("https://127.0.0.1:1", $"http://user:{Canary}@127.0.0.1:{_proxy.Port}");

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => GetAsync(kube));

        Assert.StartsWith(
            $"127.0.0.1:1 through the proxy 127.0.0.1:{_proxy.Port} cannot be reached: no proxy listens there. To fix: start the proxy, ",
            error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("socks5")]
    public async Task A_proxy_whose_name_is_not_known_is_named_and_not_the_server(string scheme)
    {
        using var kube = Connect("https://127.0.0.1:1", $"{scheme}://proxy.invalid:3128");

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => GetAsync(kube));

        Assert.Contains(
            "cannot be reached: DNS does not know the name proxy.invalid. To fix: correct the proxy's address", error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certificate-authority: ca.crt")]
    [InlineData("certificate-authority: ca.crt\ntls-server-name: 127.0.0.1")]
    [InlineData("certificate-authority: ca.crt\ntls-server-name: localhost")]
    public async Task An_https_proxy_on_the_servers_host_is_not_shown_the_client_certificate(string cluster)
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), asksForCertificate: true);
        using var proxy = new ConnectProxy(_authority.IssueServer()).Serving(server.Port, needsLogin: true);
        using var kube = Connect(server.Url, $"https://user:{Canary}@127.0.0.1:{proxy.Port}", cluster, UserCertificate());

        await GetAsync(kube);

        Assert.Equal("CN=alice", server.Requests.Single().ClientCertificate!.Subject);
        Assert.Equal("HTTP/2", server.Requests.Single().Protocol);
        Assert.Equal(1, proxy.Handshakes);
        Assert.Empty(proxy.Certificates);
    }

    [Fact]
    public async Task An_https_proxy_in_front_of_a_plain_server_is_not_shown_the_client_certificate()
    {
        using var proxy = new ConnectProxy(_authority.IssueServer()).Serving(0);
        using var kube = Connect("http://127.0.0.1:1", proxy.Url, user: UserCertificate());

        await GetAsync(kube);

        Assert.Equal("GET http://127.0.0.1:1/api HTTP/1.1", proxy.Heard[0]);
        Assert.Empty(proxy.Certificates);
    }

    [Theory]
    [InlineData("insecure-skip-tls-verify: true")]
    [InlineData("insecure-skip-tls-verify: true\ntls-server-name: localhost")]
    [InlineData("certificate-authority: ca.crt")]
    public async Task An_https_proxy_is_verified_before_it_hears_anything_even_if_the_server_is_not(string cluster)
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), asksForCertificate: true);
        using var proxy = new ConnectProxy(new TestAuthority("another CA").IssueServer()).Serving(server.Port);
        using var kube = Connect(server.Url, $"https://user:{Canary}@127.0.0.1:{proxy.Port}", cluster, UserCertificate());

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => GetAsync(kube));

        Assert.True(error.IsUntrusted);
        Assert.StartsWith(
            $"The proxy 127.0.0.1:{proxy.Port} showed a certificate issued by \"CN=another CA\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("To fix:", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(proxy.Heard);
        Assert.Empty(proxy.Certificates);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task An_https_proxy_with_another_name_is_refused_with_both_names()
    {
        using var proxy = new ConnectProxy(_authority.IssueServer("proxy.example")).Serving(0);
        using var kube = Connect("https://127.0.0.1:1", proxy.Url);

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => GetAsync(kube));

        Assert.True(error.IsUntrusted);
        Assert.StartsWith(
            $"The proxy 127.0.0.1:{proxy.Port} showed a certificate for proxy.example, not for 127.0.0.1", error.Message,
            StringComparison.Ordinal);
        Assert.Empty(proxy.Heard);
    }

    [Fact]
    public async Task A_server_behind_an_https_proxy_is_verified_by_its_own_name()
    {
        await using var server = await LoopbackServer.StartAsync(new TestAuthority("another CA").IssueServer());
        using var proxy = new ConnectProxy(_authority.IssueServer()).Serving(server.Port);
        using var kube = Connect(server.Url, proxy.Url);

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => GetAsync(kube));

        Assert.True(error.IsUntrusted);
        Assert.StartsWith($"127.0.0.1:{server.Port} showed a certificate issued by", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_proxy_without_tls_behind_an_https_address_is_a_transport_error()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            _ = await client.GetStream().ReadAtLeastAsync(new byte[1024], 1);
            await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        });
        using var kube = Connect("https://127.0.0.1:1", $"https://user:{Canary}@127.0.0.1:{port}");

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => GetAsync(kube));

        Assert.False(error.IsUntrusted);
        Assert.StartsWith($"The proxy 127.0.0.1:{port} does not complete the TLS handshake", error.Message, StringComparison.Ordinal);
        Assert.Contains("To fix:", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, error.ToString(), StringComparison.Ordinal);
        await serving;
    }

    private string UserCertificate()
    {
        var (certificate, key) = TestAuthority.PemOf(_authority.Issue("alice", []));
        _folder.Write("u.crt", certificate);
        _folder.Write("u.key", key);
        return "client-certificate: u.crt\nclient-key: u.key";
    }

    private KubeConnection Connect(
        string server, string proxy, string cluster = "certificate-authority: ca.crt", string user = "token: secret",
        ConnectionLimits? limits = null)
    {
        _folder.Write("ca.crt", _authority.Pem);
        var path = _folder.Write("config", ConfigText.Of($"server: {server}\n{cluster}\nproxy-url: {proxy}", user));
        return KubeConnection.FromKubeconfig(path, options: TestOptions.With() with { Limits = limits ?? ConnectionLimits.Default });
    }

    private static async Task GetAsync(KubeConnection kube)
    {
        using var response = await kube.GetAsync("api", default);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
