using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;
using System.Text;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>
/// Names with several addresses, on real sockets. An address that drops SYNs is a listener whose queue is full: Linux then drops them.
/// </summary>
public sealed class AddressRaceTests : IDisposable
{
    private readonly List<IDisposable> _open = [];

    public void Dispose() => _open.ForEach(o => o.Dispose());

    [BlackHoleFact]
    public async Task An_address_that_drops_packets_costs_300_ms()
    {
        var clock = new HistoricalScheduler();
        var port = BlackHole("127.0.0.2");
        Listen("127.0.0.1", port);
        var connecting = Race(clock, "127.0.0.2", "127.0.0.1").ConnectAsync(new DnsEndPoint("api.test", port), default);
        clock.AdvanceBy(TimeSpan.FromMilliseconds(299));
        await Task.Delay(50); // a connection on a real socket, if it were made, would be there by now
        Assert.False(connecting.IsCompleted);

        clock.AdvanceBy(TimeSpan.FromMilliseconds(1));
        using var socket = await connecting.WaitAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(IPAddress.Parse("127.0.0.1"), ((IPEndPoint)socket.RemoteEndPoint!).Address);
    }

    [Fact]
    public async Task An_address_that_refuses_costs_nothing()
    {
        var port = Listen("127.0.0.3", 0);

        using var socket = await Race(new HistoricalScheduler(), "127.0.0.1", "127.0.0.2", "127.0.0.3")
            .ConnectAsync(new DnsEndPoint("api.test", port), default);

        Assert.Equal(IPAddress.Parse("127.0.0.3"), ((IPEndPoint)socket.RemoteEndPoint!).Address);
    }

    [Theory]
    [InlineData(-1, 64)]
    [InlineData(0, 64)]
    [InlineData(1, 64)]
    [InlineData(-1, 3)]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    public async Task The_addresses_of_a_name_are_limited(int beyond, int limit)
    {
        var limits = limit == 64 ? ConnectionLimits.Default : new() { MaxAddresses = limit };
        var port = Listen("127.0.0.3", 0);
        string[] addresses = [.. Enumerable.Range(1, limit - 1 + beyond).Select(i => $"127.0.1.{i}"), "127.0.0.3"];
        var connecting = new AddressRace(Resolve(addresses), new HistoricalScheduler(), limits)
            .ConnectAsync(new DnsEndPoint("api.test", port), default);

        if (beyond > 0)
        {
            await Assert.ThrowsAsync<SocketException>(() => connecting);
            return;
        }

        using var socket = await connecting;
        Assert.Equal(IPAddress.Parse("127.0.0.3"), ((IPEndPoint)socket.RemoteEndPoint!).Address);
    }

    [Fact]
    public async Task Families_take_turns()
    {
        var port = Listen("127.0.0.1", 0);
        var clock = new HistoricalScheduler();
        var race = new AddressRace(
            (_, _) => Task.FromResult<IPAddress[]>([.. Enumerable.Repeat(IPAddress.IPv6Loopback, 50), IPAddress.Loopback]), clock,
            ConnectionLimits.Default);

        using var socket = await race.ConnectAsync(new DnsEndPoint("api.test", port), default);

        Assert.Equal(AddressFamily.InterNetwork, socket.AddressFamily);
    }

    [Fact]
    public async Task If_every_address_fails_the_error_is_that_of_the_preferred_one()
    {
        var port = Listen("127.0.0.9", 0);

        var error = await Assert.ThrowsAsync<SocketException>(() =>
            Race(new HistoricalScheduler(), "127.0.0.1", "::1").ConnectAsync(new DnsEndPoint("api.test", port), default));

        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    [Fact]
    public async Task A_name_without_addresses_is_not_found()
    {
        var error = await Assert.ThrowsAsync<SocketException>(() =>
            Race(new HistoricalScheduler()).ConnectAsync(new DnsEndPoint("api.test", 1), default));

        Assert.Equal(SocketError.HostNotFound, error.SocketErrorCode);
    }

    [BlackHoleFact]
    public async Task Cancelling_ends_all_attempts()
    {
        var port = BlackHole("127.0.0.2");
        using var cancel = new CancellationTokenSource();
        var connecting = Race(new HistoricalScheduler(), "127.0.0.2", "127.0.0.1").ConnectAsync(new DnsEndPoint("x", port), cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    [Fact]
    public async Task Cancelling_ends_the_search_for_a_name_that_is_never_found()
    {
        using var cancel = new CancellationTokenSource();
        var connecting = new AddressRace(
            (_, _) => new TaskCompletionSource<IPAddress[]>().Task, new HistoricalScheduler(), ConnectionLimits.Default)
            .ConnectAsync(new DnsEndPoint("api.test", 1), cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_search_for_a_name_ends_with_the_connect_timeout(bool isWatch)
    {
        using var folder = new TempFolder();
        var config = folder.Write("config", ConfigText.Of("server: http://api.test:1"));
        var options = TestOptions.With() with { ConnectTimeout = TimeSpan.FromMilliseconds(100) };
        options = options with
        {
            Environment = options.Environment with { Resolve = (_, _) => new TaskCompletionSource<IPAddress[]>().Task },
        };
        using var kube = KubeConnection.FromKubeconfig(config, options: options);

        var error = await Assert.ThrowsAsync<KubeTransportException>(
            () => kube.GetAsync("api/v1/pods", AcceptedFormats.Json, isWatch, default).WaitAsync(TimeSpan.FromSeconds(10)));

        const string InTime = "api.test:1 cannot be connected to in time: DNS, TCP or TLS did not finish. To fix: ";
        Assert.StartsWith(InTime, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("HttpClient", error.Message, StringComparison.Ordinal);
    }

    [BlackHoleFact]
    public async Task A_watch_whose_node_died_comes_back_on_another_address()
    {
        // Both nodes serve until the first one is gone: its connections break, and its address drops what comes.
        var first = new TcpListener(IPAddress.Parse("127.0.0.2"), 0);
        first.Start();
        var port = ((IPEndPoint)first.LocalEndpoint).Port;
        var served = new TaskCompletionSource<TcpClient>();
        _ = Task.Run(async () =>
        {
            var client = await first.AcceptTcpClientAsync();
            await AnswerAsync(client);
            served.SetResult(client);
        });
        var second = Listen("127.0.0.1", port);
        using var folder = new TempFolder();
        var path = folder.Write("config", ConfigText.Of($"server: http://api.test:{port}"));
        var options = TestOptions.With();
        options = options with { Environment = options.Environment with { Resolve = Resolve("127.0.0.2", "127.0.0.1") } };
        using var kube = KubeConnection.FromKubeconfig(path, options: options);
        using var watch = await kube.GetAsync("api/v1/pods?watch=true", default);
        var body = await watch.Content.ReadAsStreamAsync();

        first.Stop();
        BlackHole("127.0.0.2", port);
        (await served.Task).Dispose();
        await Assert.ThrowsAnyAsync<IOException>(() => body.ReadExactlyAsync(new byte[1]).AsTask());
        var started = Stopwatch.GetTimestamp();
        using var again = await kube.GetAsync("api/v1/pods?watch=true", default);

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.25, 5);
        Assert.Equal(port, second);
    }

    private static AddressRace Race(IScheduler clock, params string[] addresses) =>
        new(Resolve(addresses), clock, ConnectionLimits.Default);

    private static Func<string, CancellationToken, Task<IPAddress[]>> Resolve(params string[] addresses) =>
        (_, _) => Task.FromResult<IPAddress[]>([.. addresses.Select(IPAddress.Parse)]);

    private int Listen(string address, int port)
    {
        var listener = new TcpListener(IPAddress.Parse(address), port);
        listener.Start();
        _open.Add(listener);
        _ = Task.Run(async () =>
        {
            while (true)
            {
                await AnswerAsync(await listener.AcceptTcpClientAsync());
            }
        });
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task AnswerAsync(TcpClient client)
    {
        if (await client.GetStream().ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false) > 0)
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
        }
    }

    private int BlackHole(string address, int port = 0)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Parse(address), port));
        listener.Listen(0);
        _open.Add(listener);
        for (var i = 0; i < 3; i++)
        {
            var filling = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _open.Add(filling);
            try
            {
                filling.Connect(listener.LocalEndPoint!);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // It goes on without us.
            }
        }

        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private sealed class BlackHoleFactAttribute : FactAttribute
    {
        public BlackHoleFactAttribute() =>
            Skip = OperatingSystem.IsLinux() ? null : "A listener whose queue is full drops connections on Linux only.";
    }
}
