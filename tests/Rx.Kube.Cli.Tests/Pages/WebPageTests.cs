using System.Net;
using System.Net.Sockets;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Pages;
using Rx.Kube.Cli.Tests.Harness;

namespace Rx.Kube.Cli.Tests.Pages;

/// <summary><c>rxkube ring --web</c>, without a browser.</summary>
public class WebPageTests
{
    [Fact]
    public async Task It_prints_the_address_and_serves_the_page_there_until_it_is_stopped()
    {
        var tool = new InProcessTool();
        tool.Start("ring", "cache", "--demo", "--web", "0");
        var url = UrlIn(await tool.LineAsync());
        using var client = new HttpClient();

        Assert.Equal("127.0.0.1", url.Host);
        Assert.StartsWith("<!doctype html>", await client.GetStringAsync(url), StringComparison.Ordinal);
        using (var events = new StreamReader(await client.GetStreamAsync(new Uri(url, "events"))))
        {
            Assert.Equal("retry: 2000", await events.ReadLineAsync());
        }

        Assert.Equal(ExitCode.Stopped, await tool.StopAsync());
        Assert.Equal("", tool.Error);
        Assert.False(await IsThereAsync(client, url));
    }

    [Theory]
    [InlineData("GET", "/", "localhost", 200)]
    [InlineData("GET", "/", "127.0.0.1:1", 200)]
    [InlineData("GET", "/", "[::1]:8077", 200)]
    [InlineData("HEAD", "/", "localhost", 200)]
    [InlineData("GET", "/", "evil.example", 403)]
    [InlineData("GET", "/events", "evil.example", 403)]
    [InlineData("GET", "/", "10.0.0.7", 403)]
    [InlineData("GET", "/", "127.0.0.1.evil.example", 403)]
    [InlineData("POST", "/", "localhost", 405)]
    [InlineData("DELETE", "/events", "localhost", 405)]
    [InlineData("GET", "/other", "localhost", 404)]
    [InlineData("GET", "/../etc/passwd", "localhost", 404)]
    public async Task It_answers_only_reads_that_name_it(string method, string path, string host, int status)
    {
        var tool = new InProcessTool();
        tool.Start("ring", "cache", "--demo", "--web", "0");
        var url = UrlIn(await tool.LineAsync());
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new(method), new Uri(url, path)) { Headers = { Host = host } };

        using var response = await client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(ExitCode.Stopped, await tool.StopAsync());
    }

    [Fact]
    public async Task The_open_connections_are_limited()
    {
        var tool = new InProcessTool();
        tool.Start("ring", "cache", "--demo", "--web", "0");
        var url = UrlIn(await tool.LineAsync());
        var open = new List<TcpClient>();
        for (var i = 1; i <= PageServer.MaxConnections; i++)
        {
            open.Add(new TcpClient());
            Assert.True(await IsAnsweredAsync(open[^1]), $"connection {i}");
        }

        using (var beyond = new TcpClient())
        {
            Assert.False(await IsAnsweredAsync(beyond));
        }

        open.ForEach(client => client.Dispose());
        Assert.Equal(ExitCode.Stopped, await tool.StopAsync());

        async Task<bool> IsAnsweredAsync(TcpClient client)
        {
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, url.Port);
                await client.GetStream().WriteAsync("GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
                return await client.GetStream().ReadAtLeastAsync(new byte[12], 12, throwOnEndOfStream: false) == 12;
            }
            catch (IOException)
            {
                return false; // reset
            }
        }
    }

    [Fact]
    public async Task A_port_in_use_is_an_error_with_a_fix_unless_it_was_not_asked_for()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var tool = new InProcessTool();
        tool.Start("ring", "cache", "--demo", "--web", $"{((IPEndPoint)taken.LocalEndpoint).Port}");

        Assert.Equal(ExitCode.Usage, await tool.EndAsync());
        Assert.Contains("it is in use. To fix: name another port, or 0 for any free one.", tool.Error, StringComparison.Ordinal);

        // The usual port may be in use or not: either way there is a page.
        var usual = new InProcessTool();
        usual.Start("ring", "cache", "--demo", "--web");
        Assert.Equal("127.0.0.1", UrlIn(await usual.LineAsync()).Host);
        Assert.Equal(ExitCode.Stopped, await usual.StopAsync());
    }

    [Fact]
    public async Task Other_machines_can_reach_it_only_when_told_so_with_a_warning()
    {
        var tool = new InProcessTool();
        tool.Start("ring", "cache", "--demo", "--web", "0.0.0.0:0");

        Assert.Contains("http://0.0.0.0:", await tool.LineAsync(), StringComparison.Ordinal);
        Assert.Contains("everyone who can reach this address", tool.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Stopped, await tool.StopAsync());
    }

    [Fact]
    public async Task A_cluster_that_cannot_be_used_ends_it_as_every_command()
    {
        var host = new FakeHost();
        var run = host.RunAsync("ring", "cache", "--web", "0", "--timeout", "5s");
        await WaitAsync(() => host.Out.Contains("http://", StringComparison.Ordinal) || run.IsCompleted);
        host.AdvanceBy(6);

        Assert.Equal(ExitCode.Cluster, await run.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("no complete snapshot within 5s", host.Error, StringComparison.Ordinal);
        Assert.True(host.IsClosed);
    }

    [Theory]
    [InlineData("8077", "127.0.0.1", 8077)]
    [InlineData("0", "127.0.0.1", 0)]
    [InlineData("localhost:80", "127.0.0.1", 80)]
    [InlineData("0.0.0.0:8077", "0.0.0.0", 8077)]
    [InlineData("[::1]:8077", "::1", 8077)]
    [InlineData("::1", null, 0)]
    [InlineData("-1", null, 0)]
    [InlineData("65536", null, 0)]
    [InlineData("", null, 0)]
    [InlineData("example.org:80", null, 0)]
    [InlineData("10.0.0.7", null, 0)]
    public void An_address_is_a_port_or_an_ip_address_and_a_port(string text, string? address, int port)
    {
        var parsed = WebAddress.Parse(text);

        Assert.Equal(address, parsed?.Address.ToString());
        Assert.Equal(port, parsed?.Port ?? 0);
    }

    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1", true)]
    [InlineData("127.0.0.1:0", "LOCALHOST", true)]
    [InlineData("127.0.0.1:0", "192.168.0.1", false)]
    [InlineData("0.0.0.0:0", "192.168.0.1", true)]
    [InlineData("0.0.0.0:0", "fe80::1", true)]
    [InlineData("0.0.0.0:0", "rebound.example", false)]
    [InlineData("0.0.0.0:0", "", false)]
    public void Only_an_address_names_the_server(string listening, string host, bool expected) =>
        Assert.Equal(expected, WebAddress.Parse(listening)!.IsNamedBy(host));

    // The port is free again, so another test may have it.
    private static async Task<bool> IsThereAsync(HttpClient client, Uri url)
    {
        try
        {
            return (await client.GetStringAsync(url)).StartsWith("<!doctype html>", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            return false;
        }
    }

    private static Uri UrlIn(string line) => new(line[line.IndexOf("http://", StringComparison.Ordinal)..].Split(' ')[0]);

    private static async Task WaitAsync(Func<bool> condition)
    {
        for (var i = 0; i < 3000 && !condition(); i++)
        {
            await Task.Delay(10);
        }
    }
}
