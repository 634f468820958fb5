using System.Net;
using System.Net.Sockets;
using System.Text;
using static Rx.Kube.Simulator.Tests.SimulatorRequests;

namespace Rx.Kube.Simulator.Tests;

/// <summary>What a page in a browser, or a program that does not speak HTTP, can send to the simulator.</summary>
public sealed class DoorTests
{
    private const string Body = """{"metadata":{"name":"a"},"addressType":"IPv4","endpoints":[]}""";

    [Theory]
    [InlineData("evil.example", 403)]
    [InlineData("evil.example:8001", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("10.0.0.1", 403)]
    [InlineData("0.0.0.0", 403)]
    [InlineData("2130706433.example", 403)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("127.0.0.1:1", 200)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:8001", 200)]
    [InlineData("[::1]:8001", 200)]
    [InlineData("simulator.test", 200)]
    public async Task A_host_that_is_not_a_name_of_the_server_is_refused(string host, int status)
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { AllowedHosts = ["simulator.test"] });
        Assert.Equal(status, await StatusAsync(server, $"GET /{Slices} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
    }

    [Theory]
    [InlineData("Origin: http://evil.example", 403)]
    [InlineData("Origin: null", 403)]
    [InlineData("Origin: http://localhost:3000", 403)]
    [InlineData("Sec-Fetch-Site: cross-site", 403)]
    [InlineData("Sec-Fetch-Site: same-site", 403)]
    [InlineData("Sec-Fetch-Site: none", 201)]
    [InlineData("Sec-Fetch-Site: same-origin", 201)]
    [InlineData("X: y", 201)]
    public async Task A_request_of_another_origin_is_refused(string header, int status)
    {
        await using var server = await ApiServerSimulator.StartAsync();
        Assert.Equal(status, await StatusAsync(server, Post($"{header}\r\nContent-Type: application/json\r\n")));
        Assert.Equal(status == 201 ? 1 : 0, server.Cluster.List("endpointslices").Count);
    }

    [Theory]
    [InlineData("POST", "")]
    [InlineData("POST", "Content-Type: text/plain\r\n")]
    [InlineData("POST", "Content-Type: application/x-www-form-urlencoded\r\n")]
    [InlineData("POST", "Content-Type: multipart/form-data\r\n")]
    [InlineData("PUT", "")]
    [InlineData("PATCH", "")]
    [InlineData("PATCH", "Content-Type: application/json\r\n")]
    [InlineData("DELETE", "")]
    public async Task A_body_without_its_type_is_415(string method, string headers)
    {
        await using var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Create("endpointslices", KubeObjects.Slice("b"));
        var path = method == "POST" ? Slices : $"{Slices}/b";

        Assert.Equal(415, await StatusAsync(server, Post(headers, method: method, path: path)));

        Assert.Equal(["b 2"], server.Cluster.List("endpointslices").Select(o => $"{o.Name()} {o.Version()}"));
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "-1\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n{}")]
    [InlineData("Transfer-Encoding: chunked\r\n", "2\r\n{}xx0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "zz\r\n")]
    [InlineData("Transfer-Encoding: gzip\r\n", "{}")]
    [InlineData("Content-Length: 2\r\nContent-Length: 3\r\n", "{}")]
    [InlineData("Content-Length: -1\r\n", "{}")]
    [InlineData("Content-Length: 99999999999999999999\r\n", "{}")]
    [InlineData("Content-Length: 1\r\n", "\u00ff")]
    public async Task A_body_with_bad_framing_is_a_client_error(string headers, string body)
    {
        await using var server = await ApiServerSimulator.StartAsync();
        var head = $"POST /{Slices} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n{headers}\r\n";
        Assert.InRange(await StatusAsync(server, head + body), 400, 499);
        Assert.Equal(200, await StatusAsync(server, $"GET /{Slices} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX : a\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\r\n\r\n")]
    public async Task A_bad_head_is_400(string request)
    {
        await using var server = await ApiServerSimulator.StartAsync();
        Assert.Equal(400, await StatusAsync(server, request));
    }

    [Theory]
    [InlineData("127.0.0.1:22", "127.0.0.1:22")]
    [InlineData("/api", "localhost")]
    public async Task A_request_for_a_tunnel_is_405(string target, string host)
    {
        await using var server = await ApiServerSimulator.StartAsync();
        Assert.Equal(405, await StatusAsync(server, $"CONNECT {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
    }

    [Fact]
    public async Task The_times_of_a_connection_are_those_of_the_http_server()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        await using var other = await ApiServerSimulator.StartAsync(
            new() { HeadersTimeout = TimeSpan.FromSeconds(7), IdleTimeout = TimeSpan.FromSeconds(8) });

        Assert.Equal(
            (TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2)),
            (server.Limits.RequestHeadersTimeout, server.Limits.KeepAliveTimeout));
        Assert.Equal(
            (16 * 1024, 64 * 1024),
            (server.Limits.MaxRequestLineSize, server.Limits.MaxRequestHeadersTotalSize));
        Assert.Equal(
            (TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8)), (other.Limits.RequestHeadersTimeout, other.Limits.KeepAliveTimeout));
    }

    // The HTTP server measures them in real time, and looks at its clock each second: what it is told can be exact, and not when it acts.
    [Theory]
    [InlineData(TimeSpan.TicksPerMillisecond)] // the shortest
    [InlineData(TimeSpan.TicksPerMillisecond + 1)]
    [InlineData((30 * TimeSpan.TicksPerSecond) - 1)]
    [InlineData(30 * TimeSpan.TicksPerSecond)]
    [InlineData((30 * TimeSpan.TicksPerSecond) + 1)]
    [InlineData(TimeSpan.TicksPerDay - 1)]
    [InlineData(TimeSpan.TicksPerDay)] // the longest
    public async Task The_times_of_a_connection_reach_the_http_server_exactly(long ticks)
    {
        var (time, other) = (TimeSpan.FromTicks(ticks), TimeSpan.FromHours(1));
        await using var headers = await ApiServerSimulator.StartAsync(new() { HeadersTimeout = time, IdleTimeout = other });
        await using var idle = await ApiServerSimulator.StartAsync(new() { HeadersTimeout = other, IdleTimeout = time });

        Assert.Equal((time, other), (headers.Limits.RequestHeadersTimeout, headers.Limits.KeepAliveTimeout));
        Assert.Equal((other, time), (idle.Limits.RequestHeadersTimeout, idle.Limits.KeepAliveTimeout));
    }

    [Fact]
    public async Task Headers_that_do_not_end_are_408_and_a_connection_without_a_request_is_closed()
    {
        var limit = TimeSpan.FromSeconds(1); // the HTTP server looks at its clock each second
        await using var server = await ApiServerSimulator.StartAsync(new() { HeadersTimeout = limit, IdleTimeout = limit });

        Assert.Equal(408, await StatusAsync(server, $"GET /{Slices} HTTP/1.1\r\nHost: localhost\r\n"));
        using var idle = new TcpClient();
        await idle.ConnectAsync(IPAddress.Loopback, server.Url.Port);
        Assert.Equal(0, await idle.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData("""{"v":"meta.k8s.io/v1","v":"meta.k8s.io/v1","rv":1,"start":"/x"}""")]
    [InlineData("""{"v":"meta.k8s.io/v1","rv":1,"start":{"a":1,"a":2}}""")]
    [InlineData("""{"v":"meta.k8s.io/v1","rv":1,"start":"/\ud800"}""")]
    [InlineData("""{"v":["meta.k8s.io/v1"],"rv":1e400,"start":"/x"}""")]
    [InlineData("""{"v":"meta.k8s.io/v1","rv":1e400,"start":"/x"}""")]
    [InlineData("""{"v":"meta.k8s.io/v1","rv":1,"start":"/x/../../y"}""")]
    [InlineData("\u00ff")]
    public async Task A_forged_continue_token_is_400(string token)
    {
        await using var server = await ApiServerSimulator.StartAsync();
        var text = System.Buffers.Text.Base64Url.EncodeToString(Encoding.Latin1.GetBytes(token));
        Assert.Equal(
            400, await StatusAsync(server, $"GET /{Slices}?continue={text} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    }

    [Theory]
    [InlineData(16 * 1024, 64 * 1024)] // the defaults
    [InlineData(200, 300)]
    [InlineData(32 * 1024, 128 * 1024)]
    public async Task The_request_line_and_the_headers_are_limited(int line, int headers)
    {
        await using var server = await ApiServerSimulator.StartAsync(
            line == 16 * 1024 ? new() : new() { MaxRequestLineBytes = line, MaxHeaderBytes = headers });
        foreach (var (more, status) in new[] { (-1, 200), (0, 200), (1, 414) })
        {
            const string Before = $"GET /{Slices}?x=";
            const string After = " HTTP/1.1\r\n";
            var filler = new string('a', line + more - Before.Length - After.Length);
            Assert.Equal(status, await StatusAsync(server, $"{Before}{filler}{After}Host: localhost\r\nConnection: close\r\n\r\n"));
        }

        foreach (var (more, status) in new[] { (-1, 200), (0, 200), (1, 431) })
        {
            const string Own = "Host: localhost\r\nConnection: close\r\nX: \r\n";
            var filler = new string('a', headers + more - Own.Length);
            Assert.Equal(
                status, await StatusAsync(server, $"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: {filler}\r\n\r\n"));
        }
    }

    [Fact]
    public async Task The_open_connections_are_limited()
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { MaxConnections = 2 });
        using var first = await OpenAsync(server);
        using var second = await OpenAsync(server);
        Assert.Equal(0, await StatusAsync(server, Get));

        first.Dispose();
        await Eventually(async () => await StatusAsync(server, Get) == 200);
    }

    private const string Get = "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 200 && !await holds(); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(await holds());
    }

    // The answer shows that the server has counted the connection.
    private static async Task<TcpClient> OpenAsync(ApiServerSimulator server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Url.Port);
        await client.GetStream().WriteAsync("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        Assert.NotEqual(0, await client.GetStream().ReadAsync(new byte[1000]));
        return client;
    }

    private static string Post(string headers, string body = Body, string method = "POST", string path = Slices) =>
        $"{method} /{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}";

    /// <summary>Sends bytes as they are; returns the status, 0 if the server closes without an answer.</summary>
    private static async Task<int> StatusAsync(ApiServerSimulator server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Url.Port);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
            return line is null ? 0 : int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
