using System.Diagnostics;
using System.Globalization;
using System.Text;
using Rx.Kube.RealServer.Tests.Server;
using Xunit.Abstractions;

namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>
/// Behind load balancers that cut every connection at an interval, while slices change five times a second. Run alone, with the table:
/// <c>dotnet test tests/Rx.Kube.RealServer.Tests --filter CutTests --logger "console;verbosity=detailed"</c>.
/// </summary>
[Collection(nameof(Alone))] // what other tests take of the processor is no part of the figure
public sealed class CutTests(RealApiServer server, ITestOutputHelper output) : IClassFixture<RealApiServer>
{
    private const double MostStale = 0.03;
    private static readonly int[] _intervals = [5, 10, 30, 60];

    [RealServerFact]
    public async Task Behind_proxies_that_cut_every_connection_the_snapshots_are_right_and_stale_at_most_3_percent_of_the_time()
    {
        var duration = LongRun.Of(60);
        var seed = TestSeed.Value;
        using var slices = new ChangingSlices(server, ["cut"], new Random(seed));
        await slices.StartAsync();
        await slices.ChangeAsync();
        var proxies = _intervals.Select(_ => CuttingProxy.Start(server.Url)).ToArray();
        using var wire = new HttpWire([.. proxies.Select(p => p.Port)]);
        var connections = proxies.Select(p => KubeConnection.FromKubeconfig(server.KubeconfigThrough(p.Url))).ToArray();
        var clients = connections
            .Select(c => new WatchingClient(c.EndpointSlices(service: "cut"), new ServiceName(server.Namespace, "cut")))
            .ToArray();
        foreach (var (client, proxy) in clients.Zip(proxies))
        {
            await client.WaitForAsync(() => slices.Present("cut"), TimeSpan.FromSeconds(20));
            await WatchingClient.WaitUntilAsync(() => OpenedAt(wire, proxy).Any(), TimeSpan.FromSeconds(20), () => "no watch is open");
        }

        var from = Stopwatch.GetTimestamp();
        using var end = new CancellationTokenSource(duration);
        await Task.WhenAll([
            slices.RunAsync(TimeSpan.FromMilliseconds(200), end.Token),
            .. proxies.Zip(_intervals, (proxy, seconds) => proxy.CutEveryAsync(TimeSpan.FromSeconds(seconds), end.Token)),
        ]);
        var to = Stopwatch.GetTimestamp();

        var table = new StringBuilder("cut every | stale | without a watch | said to be stale | reconnects | longest gap | snapshots\n");
        var worst = 0.0;
        foreach (var (seconds, proxy, client) in _intervals.Zip(proxies, clients))
        {
            await client.WaitForAsync(() => slices.Present("cut"), TimeSpan.FromSeconds(10));
            var (wrong, number) = client.Check(slices, isFinal: true);
            Assert.True(wrong is null, $"seed {seed}, cut every {seconds} s: {wrong}");
            Assert.True(number > 0);

            var gaps = Gaps(proxy.Breaks, OpenedAt(wire, proxy), from, to);
            var closed = gaps.Sum(g => g.TotalSeconds) / duration.TotalSeconds;
            var said = client.NotLive(from, to) / duration;
            worst = Math.Max(worst, Math.Max(closed, said));
            var longest = gaps.Count == 0 ? 0 : gaps.Max(g => g.TotalMilliseconds);
            table.Append(CultureInfo.InvariantCulture, $"{seconds,7} s | {Math.Max(closed, said),5:P2} | {closed,15:P2} | {said,16:P2} | ")
                .AppendLine(CultureInfo.InvariantCulture, $"{proxy.Accepted - 1,10} | {longest,8:0} ms | {number,9}");
            client.Dispose();
        }

        output.WriteLine($"seed {seed}, {duration.TotalSeconds:0} s, {slices.Changes} changes\n{table}");
        connections.ToList().ForEach(c => c.Dispose());
        foreach (var proxy in proxies)
        {
            await proxy.DisposeAsync();
        }

        Assert.True(worst <= MostStale, $"stale for {worst:P2} of the time\n{table}");
    }

    private static IEnumerable<long> OpenedAt(HttpWire wire, CuttingProxy proxy) => wire.To(proxy.Port)
        .Where(r => r.IsWatch && r.Status == System.Net.HttpStatusCode.OK)
        .Select(r => r.Answered)
        .Order();

    /// <summary>The times without an open watch: from a cut to the headers of the next watch.</summary>
    private static List<TimeSpan> Gaps(IEnumerable<long> cuts, IEnumerable<long> opened, long from, long to)
    {
        var watches = opened.ToArray();
        var gaps = new List<TimeSpan>();
        var end = from;
        foreach (var cut in cuts.Where(c => c >= from && c < to).Order())
        {
            var next = watches.FirstOrDefault(w => w > cut, to);
            gaps.Add(Stopwatch.GetElapsedTime(Math.Max(cut, end), Math.Max(next, end))); // a second cut in one gap counts once
            end = Math.Max(end, next);
        }

        return gaps;
    }
}
