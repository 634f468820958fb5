using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>One Service that changes, and one client that watches it through a proxy of its own.</summary>
public sealed class Watched : IAsyncDisposable
{
    /// <summary>How long a client may take after a fault, when its waits are short; with room for a loaded machine.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly string _service;
    private readonly string _path;
    private readonly KubeConnection _connection;

    private Watched(RealApiServer server, string service, string? user, bool selects, ResumeOptions? options)
    {
        (_service, _path) = (service, $"/{server.SlicesPath}?");
        Slices = new ChangingSlices(server, [service], new Random(TestSeed.Value));
        Proxy = CuttingProxy.Start(server.Url);
        Wire = new HttpWire(Proxy.Port);
        _connection = KubeConnection.FromKubeconfig(server.KubeconfigThrough(Proxy.Url, user));
        Client = new WatchingClient(
            _connection.EndpointSlices(service: selects ? service : null), new ServiceName(server.Namespace, service), options);
    }

    public ChangingSlices Slices { get; }

    public CuttingProxy Proxy { get; }

    public HttpWire Wire { get; }

    public WatchingClient Client { get; }

    /// <summary>Gets the requests of the client.</summary>
    public WireRequest[] Requests => Wire.To(Proxy.Port);

    /// <summary>Creates the first slices, and starts the client.</summary>
    /// <param name="server">The server.</param>
    /// <param name="service">The Service.</param>
    /// <param name="user">The user of the client, as in <see cref="RealApiServer.KubeconfigThrough"/>.</param>
    /// <param name="selects">Whether the client selects the Service on the server; otherwise, it watches the namespace.</param>
    /// <param name="options">The options of the client.</param>
    public static async Task<Watched> StartAsync(
        RealApiServer server, string service, string? user = null, bool selects = true, ResumeOptions? options = null)
    {
        var watched = new Watched(server, service, user, selects, options);
        await watched.Slices.StartAsync();
        await watched.ChangeAsync(5);
        await watched.CatchUpAsync(Soon);
        await WatchingClient.WaitUntilAsync(
            () => watched.Requests.Any(r => r.IsWatch && r.Status is not null), Soon, () => "the client opened no watch");
        return watched;
    }

    public async Task ChangeAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Slices.ChangeAsync();
        }
    }

    /// <summary>Waits until the client is live with the present state.</summary>
    public Task<TimeSpan> CatchUpAsync(TimeSpan atMost) => Client.WaitForAsync(() => Slices.Present(_service), atMost);

    /// <summary>
    /// Asserts that every snapshot so far was right, when nothing changes any more, and that every request was a list or a watch.
    /// </summary>
    public void AssertRight(Func<long, bool>? isExcused = null)
    {
        var (wrong, number) = Client.Check(Slices, isExcused, isFinal: true);
        Assert.True(wrong is null, $"seed {TestSeed.Value}: {wrong}");
        Assert.True(number > 0);
        Assert.All(Requests, r => Assert.StartsWith($"GET {_path}", r.ToString(), StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _connection.Dispose();
        await Proxy.DisposeAsync();
        Wire.Dispose();
        Slices.Dispose();
    }
}
