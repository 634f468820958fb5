using Rx.Kube.Benchmarks.Peers;
using Rx.Kube.Benchmarks.RealServer;
using Rx.Kube.Benchmarks.WholePath;
using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.Benchmarks.Areas;

/// <summary>
/// From the begin of a write on a real API server until a client has it: beside a bare reader of the same stream, at the same time.
/// The clients take turns.
/// </summary>
internal static class LatencyComparison
{
    private const string Area = "latency";
    private const string Token = "admin-token";
    private const string Ours = "Rx.Kube, to the ring";
    private const string Bare = "bare HTTP/2 reader";
    private static readonly double[] Percents = [50, 99, 99.9];
    private static readonly string[] Peers = ["KubernetesClient + dictionary", "client-go json", "client-go protobuf"];

    public static IEnumerable<ComparedRow> Rows(CompareOptions options) =>
        ServerSource.Current is { Kind: ServerKind.Built } source
            ? RowsAsync(source, options).ToBlockingEnumerable()
            : NotRun(ServerSource.ToFix).Concat(StormComparison.NotRun(ServerSource.ToFix));

    private static async IAsyncEnumerable<ComparedRow> RowsAsync(ServerSource source, CompareOptions options)
    {
        using (var server = await RealServerFolder.StartAsync(source))
        {
            var writer = new SliceWriter(server.Client(), new SliceWorkload(10, 100, SliceChange.Middle, repeats: 0));
            await writer.CreateAsync();
            var steady = await MeasureAsync(
                server, writer, () => writer.WriteAsync(options.Pick(2, 10, 200), perSecond: 20), options);
            foreach (var row in RowsOf("20 events a second", steady))
            {
                yield return row;
            }

            var saturated = await MeasureAsync(
                server, writer, () => writer.WriteAsync(options.Pick(8, 100, 2500)), options);
            foreach (var row in RowsOf("saturation", saturated))
            {
                yield return row;
            }
        }

        await foreach (var row in StormComparison.RowsAsync(source, options))
        {
            yield return row;
        }
    }

    private static async Task<Dictionary<string, (List<double> Of, List<double> Bare)>> MeasureAsync(
        RealServerFolder server, SliceWriter writer, Func<Task> write, CompareOptions options)
    {
        var readers = server.Readers(toRing: true);
        var latencies = readers.Keys.ToDictionary(name => name, _ => (Of: new List<double>(), Bare: new List<double>()));
        for (var turn = 0; turn < options.Pick(1, 1, 2); turn++)
        {
            foreach (var (name, open) in readers)
            {
                writer.Began.Clear();
                var bare = await BareReader.OpenAsync(server.Client());
                var reader = open();

                // Until both have what exists.
                await Task.Delay(options.Pick(500, 700, 1000));
                await write();
                await Task.Delay(300);
                await reader.DisposeAsync();
                await bare.DisposeAsync();
                foreach (var (version, began) in writer.Began)
                {
                    if (reader.Seen.TryGetValue(version, out var seen) && bare.Seen.TryGetValue(version, out var read))
                    {
                        latencies[name].Of.Add((seen - began) / 1e6);
                        latencies[name].Bare.Add((read - began) / 1e6);
                    }
                }
            }
        }

        return latencies;
    }

    private static IEnumerable<ComparedRow> RowsOf(
        string load, Dictionary<string, (List<double> Of, List<double> Bare)> latencies)
    {
        var (ours, bare) = (new Figures([.. latencies[Ours].Of]), new Figures([.. latencies[Ours].Bare]));
        foreach (var percent in Percents)
        {
            // The goals are for the reciprocal of the ratio: ours by the bare reader.
            var most = percent == 50 ? 3.0 : percent == 99 ? 2 : 0;
            yield return new ComparedRow(
                Area, $"{load}: write to ring, p{percent}, 1,000 endpoints", ours.Percentile(percent), bare.Percentile(percent), "ms",
                bare.Percentile(percent) / ours.Percentile(percent), most == 0 ? "none" : $">= {1 / most:0.##}x",
                most == 0 || ours.Percentile(percent) <= most * bare.Percentile(percent))
            {
                PeerName = Bare,
            };
        }

        foreach (var peer in Peers)
        {
            foreach (var percent in Percents)
            {
                var workload = $"{load}: write to visible, p{percent}, 1,000 endpoints";
                yield return latencies.TryGetValue(peer, out var of)
                    ? ComparedRow.Times(
                        Area, workload, ours.Percentile(percent), new Figures([.. of.Of]).Percentile(percent), "ms", 0) with
                    { PeerName = peer }
                    : ComparedRow.NotRun(Area, workload, peer, "none", ClientGo.Missing!);
            }
        }

        // Each client by the bare reader of its own turn, because the server is not equally fast in all turns.
        foreach (var peer in Peers)
        {
            foreach (var percent in Percents)
            {
                var workload = $"{load}: write to visible ÷ the bare reader's, p{percent}, 1,000 endpoints";
                double ByBare((List<double> Of, List<double> Bare) of) =>
                    new Figures([.. of.Of]).Percentile(percent) / new Figures([.. of.Bare]).Percentile(percent);
                yield return latencies.TryGetValue(peer, out var of)
                    ? ComparedRow.Times(Area, workload, ByBare(latencies[Ours]), ByBare(of), "", 0) with { PeerName = peer }
                    : ComparedRow.NotRun(Area, workload, peer, "none", ClientGo.Missing!);
            }
        }
    }

    private static IEnumerable<ComparedRow> NotRun(string reason) =>
        from load in new[] { "20 events a second", "saturation" }
        from peer in Peers.Prepend(Bare)
        from percent in Percents
        let goal = peer != Bare || percent > 99 ? "none" : percent == 50 ? ">= 0.33x" : ">= 0.5x"
        let end = peer == Bare ? "ring" : "visible ÷ the bare reader's"
        select ComparedRow.NotRun(Area, $"{load}: write to {end}, p{percent}, 1,000 endpoints", peer, goal, reason);

    /// <summary>A server with its folder, and the clients that can watch it.</summary>
    internal sealed class RealServerFolder : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("rxkube-compare-").FullName;
        private readonly LocalServer _server;
        private readonly List<HttpClient> _clients = [];

        private RealServerFolder(ServerSource source) =>
            _server = new LocalServer(new BuiltFlavor(source.Location), source.Location, _folder);

        public static async Task<RealServerFolder> StartAsync(ServerSource source)
        {
            var server = new RealServerFolder(source);
            await server._server.StartAllAsync();
            return server;
        }

        /// <summary>Creates a client without this library.</summary>
        public HttpClient Client()
        {
            _clients.Add(TrustingHttpClient.Create(_server.Url, _server.CaFile, Token));
            return _clients[^1];
        }

        /// <summary>Gets the clients that take turns, by name.</summary>
        /// <param name="toRing">Whether Rx.Kube builds the ring of each snapshot.</param>
        public Dictionary<string, Func<SliceReader>> Readers(bool toRing)
        {
            var config = Path.Combine(_folder, "kubeconfig-compare");
            File.WriteAllText(config, Kubectl.Config(_server.Url, _server.CaFile, Token, SliceWorkload.Namespace));
            var readers = new Dictionary<string, Func<SliceReader>>
            {
                [Ours] = () => new RxKubeReader(config, toRing),
                [Peers[0]] = () => new KubernetesClientReader(config),
            };
            foreach (var format in ClientGo.BuiltFormats)
            {
                readers[$"client-go {format}"] = () => new ClientGoReader(format, _server.Url, _server.CaFile, Token);
            }

            return readers;
        }

        public void Dispose()
        {
            _clients.ForEach(client => client.Dispose());
            _server.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
