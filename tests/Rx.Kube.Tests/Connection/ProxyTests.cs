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
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<string> _asked = [];

    public ProxyTests()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    private int Port { get; }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_proxy_url_is_used_with_its_login()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        _ = ServeAsync(server.Port, needsLogin: true);
        using var kube = Connect(server.Url, $"http://user:{Canary}@127.0.0.1:{Port}");

        using var response = await kube.GetAsync("api", default);

        Assert.Single(server.Requests);
        Assert.Equal("HTTP/2", server.Requests.Single().Protocol);
        Assert.Contains(_asked, line => line.StartsWith($"CONNECT 127.0.0.1:{server.Port}", StringComparison.Ordinal));
        Assert.Contains(
            _asked, line => line == "Proxy-Authorization: Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"user:{Canary}")));
        Assert.DoesNotContain(_asked, line => line.Contains("Bearer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusing_proxy_is_named_without_its_login()
    {
        _ = ServeAsync(0, needsLogin: true);
        using var kube = Connect("https://127.0.0.1:1", $"http://127.0.0.1:{Port}");

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => kube.GetAsync("api", default));

        Assert.Contains($"through the proxy 127.0.0.1:{Port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("the proxy refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_proxy_is_named_without_its_login()
    {
        _listener.Stop();
        using var kube = Connect("https://127.0.0.1:1", $"http://user:{Canary}@127.0.0.1:{Port}");

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => kube.GetAsync("api", default));

        Assert.Contains("through the proxy 127.0.0.1:", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, error.ToString(), StringComparison.Ordinal);
    }

    private KubeConnection Connect(string server, string proxy)
    {
        _folder.Write("ca.crt", _authority.Pem);
        var path = _folder.Write(
            "config", ConfigText.Of($"server: {server}\ncertificate-authority: ca.crt\nproxy-url: {proxy}", "token: secret"));
        return KubeConnection.FromKubeconfig(path, options: TestOptions.With());
    }

    private async Task ServeAsync(int target, bool needsLogin)
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync();
            _ = HandleAsync(client, target, needsLogin);
        }
    }

    private async Task HandleAsync(TcpClient client, int target, bool needsLogin)
    {
        using (client)
        {
            var stream = client.GetStream();
            while (true)
            {
                var head = await HeadAsync(stream);
                lock (_asked)
                {
                    _asked.AddRange(head);
                }

                if (head.Count == 0)
                {
                    return;
                }

                if (!needsLogin || head.Any(l => l.StartsWith("Proxy-Authorization", StringComparison.Ordinal)))
                {
                    break;
                }

                await stream.WriteAsync(
                    "HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            }

            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, target);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
            await Task.WhenAny(stream.CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(stream));
        }
    }

    private static async Task<List<string>> HeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) > 0)
        {
            head.Append((char)one[0]);
        }

        return [.. head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];
    }
}
