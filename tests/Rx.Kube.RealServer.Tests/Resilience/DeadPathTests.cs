using System.Diagnostics;
using System.Globalization;
using System.Net;
using Rx.Kube.RealServer.Tests.Server;
using Xunit.Abstractions;

namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>
/// A path that drops every packet, without FIN or RST, while the collection is idle: how long until the snapshots are stale. Real time, on
/// the three transports at once. Linux only.
/// </summary>
public sealed class DeadPathTests(RealApiServer server, ITestOutputHelper output) : IClassFixture<RealApiServer>
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(50);

    // An application's own client may have neither pings nor keep-alive. Then a watch ends 30 s after the lifetime that was asked for,
    // which is 10 to 20 s here (the long form: the defaults, 5 to 10 minutes), or after the silence timeout, once there was a bookmark.
    private static readonly ResumeOptions _ownClient = LongRun.IsOn ? new() : new() { WatchTimeout = TimeSpan.FromSeconds(10) };

    private static TimeSpan OwnClientBound => LongRun.IsOn
        ? TimeSpan.FromMinutes(1) + _ownClient.SilenceTimeout + TimeSpan.FromSeconds(15)
        : (2 * _ownClient.WatchTimeout) + TimeSpan.FromSeconds(40);

    [RealServerFact]
    public async Task A_path_that_drops_every_packet_is_said_within_50_s_where_pings_or_keep_alive_run()
    {
        var impersonated = $"token: \"{server.Tokens.Admin}\", as: someone, as-groups: [readers, \"system:masters\"]";
        await using var proxy = CuttingProxy.Start(server.Url);
        using var wire = new HttpWire(proxy.Port);
        using var http2 = KubeConnection.FromKubeconfig(server.KubeconfigThrough(proxy.Url));
        using var http11 = KubeConnection.FromKubeconfig(server.KubeconfigThrough(proxy.Url, impersonated));
        using var own = KubeConnection.From(
            OwnClient(proxy.Url), proxy.Url, options: new() { Namespace = server.Namespace }, disposeClient: true);
        using var slices = new ChangingSlices(server, ["idle"], new Random(TestSeed.Value));
        await slices.StartAsync();
        await slices.ChangeAsync();
        (string Transport, WatchingClient Client, TimeSpan Bound)[] clients = [
            ("HTTP/2 with TLS: pings", Watch(http2, options: null), _bound),
            ("HTTP/1.1 with TLS (impersonation): keep-alive", Watch(http11, options: null), _bound),
            ("an application's own HttpClient over HTTP/1.1: neither", Watch(own, _ownClient), OwnClientBound),
        ];
        foreach (var (_, client, _) in clients)
        {
            await client.WaitForAsync(() => slices.Present("idle"), Watched.Soon);
        }

        await WatchingClient.WaitUntilAsync(
            () => wire.To(proxy.Port).Count(r => r.IsWatch && r.Status == HttpStatusCode.OK) == clients.Length, Watched.Soon,
            () => $"not every watch is open: {string.Join(", ", wire.To(proxy.Port).AsEnumerable())}");

        if (LongRun.IsOn)
        {
            await Task.Delay(TimeSpan.FromSeconds(70)); // until a bookmark has shown that the server sends them
        }

        await proxy.DropPacketsAsync();
        var dropped = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(clients.Select(c => StaleAfterAsync(c.Client, dropped, c.Bound + TimeSpan.FromSeconds(20))));

        var table = string.Join('\n', clients.Zip(times, (c, time) =>
            string.Create(
                CultureInfo.InvariantCulture, $"{c.Transport}: stale after {time.TotalSeconds:0.0} s, at most {c.Bound.TotalSeconds} s")));
        output.WriteLine(table);
        Assert.All(clients.Zip(times), c => Assert.True(c.Second <= c.First.Bound, $"{table}\n{c.First.Client.Recent}"));
        Array.ForEach(clients, c => c.Client.Dispose());

        WatchingClient Watch(KubeConnection connection, ResumeOptions? options) => new(
            connection.EndpointSlices(server.Namespace, "idle"), new ServiceName(server.Namespace, "idle"), options);
    }

    private HttpClient OwnClient(Uri url)
    {
        var client = TrustingHttpClient.Create(url, server.CaFile, server.Tokens.Reader);
        client.DefaultRequestVersion = HttpVersion.Version11;
        return client;
    }

    private static async Task<TimeSpan> StaleAfterAsync(WatchingClient client, long since, TimeSpan atMost)
    {
        while (client.Latest!.Freshness.IsLive)
        {
            if (Stopwatch.GetElapsedTime(since) > atMost)
            {
                return TimeSpan.MaxValue;
            }

            await Task.Delay(100);
        }

        return Stopwatch.GetElapsedTime(since);
    }
}
