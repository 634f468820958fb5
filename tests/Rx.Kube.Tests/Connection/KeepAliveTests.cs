using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rx.Kube.Tests.Connection;

/// <summary>The sockets of a connection, on loopback.</summary>
public sealed class KeepAliveTests : IDisposable
{
    private readonly List<TcpListener> _listeners = [];
    private readonly List<Socket> _opened = [];

    public void Dispose() => _listeners.ForEach(l => l.Dispose());

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task The_kernel_probes_a_socket_after_30_s_and_gives_it_up_after_45_s(string address)
    {
        var server = Listen(IPAddress.Parse(address));

        using var answer = await GetAsync(Url(IPAddress.Parse(address), server));

        AssertProbed(Assert.Single(_opened));
    }

    [Fact]
    public async Task The_socket_to_a_proxy_is_probed_too()
    {
        var proxy = Listen(IPAddress.Loopback);

        using var answer = await GetAsync(new Uri("http://server.test"), new Uri($"http://127.0.0.1:{proxy}"));

        AssertProbed(Assert.Single(_opened));
    }

    [TwoAddressesFact]
    public async Task Every_address_of_a_name_is_tried()
    {
        // One of the two is not the first address of the name.
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            _opened.Clear();
            using var answer = await GetAsync(new Uri($"http://localhost:{Listen(address)}"));
            AssertProbed(Assert.Single(_opened));
        }
    }

    [Fact]
    public async Task A_refused_connection_is_reported_as_refused()
    {
        var port = Listen(IPAddress.Loopback);
        _listeners[0].Stop();

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(Url(IPAddress.Loopback, port)));

        Assert.Equal(HttpRequestError.ConnectionError, error.HttpRequestError);
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
    }

    /// <summary>
    /// Real time, about 45 s, in a network namespace of its own: <c>.ci/nightly</c> sets the variable. The route to the server is replaced
    /// by one that drops packets, while the server and its sockets live on.
    /// </summary>
    [BlackHoleTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_path_that_drops_everything_ends_a_watch_within_50_s(bool unacknowledged)
    {
        var address = unacknowledged ? "127.9.9.8" : "127.9.9.9";
        var server = Listen(IPAddress.Parse(address));
        using var answer = await GetAsync(Url(IPAddress.Parse(address), server));
        using var body = await answer.Content.ReadAsStreamAsync();
        using var ip = Process.Start("ip", ["route", "add", "blackhole", $"{address}/32", "table", "local"]);
        await ip.WaitForExitAsync();
        Assert.Equal(0, ip.ExitCode);
        var started = Stopwatch.GetTimestamp();
        if (unacknowledged)
        {
            await _opened[0].SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        }

        var read = body.ReadAsync(new byte[1]).AsTask();
        await Assert.ThrowsAnyAsync<IOException>(() => read.WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 30, 50);
    }

    private static Uri Url(IPAddress address, int port) => new($"http://{new IPEndPoint(address, port)}");

    private static void AssertProbed(Socket socket)
    {
        int Option(SocketOptionLevel level, SocketOptionName name) => (int)socket.GetSocketOption(level, name)!;
        Assert.True(socket.NoDelay);
        Assert.NotEqual(0, Option(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        Assert.Equal(30, Option(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
        Assert.Equal(5, Option(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval));
        Assert.Equal(3, Option(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));
        Assert.Equal(TimeSpan.FromSeconds(45), KeepAliveSockets.DeadAfter);
        if (OperatingSystem.IsLinux())
        {
            var userTimeout = new byte[4];
            socket.GetRawSocketOption(6, 18, userTimeout);
            Assert.Equal(45_000, BitConverter.ToInt32(userTimeout));
        }
    }

    /// <summary>Sends a request with the handler of a connection, and notes its sockets.</summary>
    private async Task<HttpResponseMessage> GetAsync(Uri server, Uri? proxy = null)
    {
        var target = new ConnectionTarget
        {
            Server = server,
            Source = "test",
            Chosen = "test",
            Namespace = "default",
            Proxy = proxy,
            Credentials = new StaticCredentials(Credential.Anonymous, "nobody"),
        };
        var options = new KubeConnectionOptions();
        using var transport = new ServerTransport(target, options);
        var handler = transport.CreateHandler(new ServerRoute(target, options, null));
        var connect = handler.ConnectCallback!;
        handler.ConnectCallback = async (context, ct) =>
        {
            var stream = (NetworkStream)await connect(context, ct);
            _opened.Add(stream.Socket);
            return stream;
        };
        var client = new HttpMessageInvoker(handler);
        return await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, server), default);
    }

    /// <summary>Starts a server that opens a watch and sends nothing.</summary>
    private int Listen(IPAddress address)
    {
        var listener = new TcpListener(address, 0);
        listener.Start();
        _listeners.Add(listener);
        _ = ServeAsync(listener);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task ServeAsync(TcpListener listener)
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync();
            _ = await client.GetStream().ReadAtLeastAsync(new byte[4096], 1);
            await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        }
    }

    private sealed class TwoAddressesFactAttribute : FactAttribute
    {
        public TwoAddressesFactAttribute() =>
            Skip = Dns.GetHostAddresses("localhost").Length > 1
                ? null
                : "The name localhost has one address here. .ci/nightly gives it two, where unshare is available.";
    }

    private sealed class BlackHoleTheoryAttribute : TheoryAttribute
    {
        public BlackHoleTheoryAttribute() =>
            Skip = Environment.GetEnvironmentVariable("RXKUBE_TEST_BLACK_HOLE") == "1"
                ? null
                : "Takes 90 s, and needs a network namespace of its own: run .ci/nightly.";
    }
}
