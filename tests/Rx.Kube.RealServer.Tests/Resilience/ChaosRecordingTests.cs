using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.RealServer.Tests.Server;
using Rx.Kube.Testing;
using Xunit.Abstractions;

namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>Clients are recorded while everything goes wrong; played in virtual time, the recordings give the same snapshots.</summary>
[Collection(nameof(Alone))]
public sealed class ChaosRecordingTests(RealApiServer server, ITestOutputHelper output) : IClassFixture<RealApiServer>
{
    private const int Clients = 10;
    private const int Proxies = 5;
    private static readonly string[] _services = ["recorded-0", "recorded-1"];

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task A_run_of_chaos_that_was_recorded_is_the_same_in_virtual_time()
    {
        var (seed, duration) = (TestSeed.Value, LongRun.Of(20));
        var faults = new ChaosFaults(server);
        using var slices = new ChangingSlices(server, _services, new Random(seed));
        await slices.StartAsync();
        var proxies = Enumerable.Range(0, Proxies).Select(_ => CuttingProxy.Start(server.Url)).ToArray();
        var connections = proxies.Select(p => KubeConnection.FromKubeconfig(server.KubeconfigThrough(p.Url))).ToArray();
        var clients = Enumerable.Range(0, Clients)
            .Select(i => new Recorded(connections[i % Proxies], i, ChaosPlan.OptionsOf(seed + i), server.Namespace)).ToArray();
        try
        {
            using var end = new CancellationTokenSource();
            faults.Start();
            var changes = slices.RunAsync(TimeSpan.FromMilliseconds(100), end.Token);
            await Task.WhenAll(ChaosPlan.Create(seed, duration, Proxies).Select(f => faults.RunAsync(f, proxies, slices)));
            end.Cancel();
            await changes;
            await Task.Delay(2000);
            Array.ForEach(clients, c => c.Dispose());
            var snapshots = clients.Sum(c => c.Check());
            output.WriteLine(
                $"seed {seed}, {duration.TotalSeconds:0} s, {slices.Changes} changes, {clients.Sum(c => c.Gaps)} gaps, "
                + $"{snapshots} snapshots were played again, from {clients.Sum(c => c.Bytes)} bytes");
            Assert.True(clients.Sum(c => c.Gaps) > 0);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException(
                $"To repeat: {TestSeed.Variable}={seed} {LongRun.Variable}={duration.TotalSeconds:0}\n{faults.Text}\n{error.Message}",
                error);
        }
        finally
        {
            Array.ForEach(clients, c => c.Dispose());
            Array.ForEach(connections, c => c.Dispose());
            foreach (var proxy in proxies)
            {
                await proxy.DisposeAsync();
            }
        }
    }

    /// <summary>A client whose stream is recorded: half of them as models, half of them as the server sent the objects.</summary>
    private sealed class Recorded : IDisposable
    {
        private readonly MemoryStream _file = new();
        private readonly List<ServiceTopology> _seen = [];
        private readonly ServiceName _service;
        private readonly IDisposable _subscription;
        private Exception? _error;

        public Recorded(KubeConnection connection, int number, ResumeOptions options, string @namespace)
        {
            _service = new ServiceName(@namespace, _services[number % _services.Length]);
            var kind = ResourceKinds.EndpointSlices;
            var selection = new ResourceSelection
            {
                Namespace = @namespace,
                LabelSelector = $"{EndpointSlice.ServiceNameLabel}={_service.Name}",
            };
            var recorded = number % 2 == 0
                ? connection.Resources(kind, selection).Resume(options).RecordTo(() => _file)
                : connection.Resources(RawObject.KindOf(kind), selection).Resume(options).RecordTo(
                    () => _file, new() { Header = RecordingHeader.Of(kind, selection), Redact = connection.Redact }).Decode(kind);
            _subscription = recorded.Do(e => Gaps += e is WatchEvent<EndpointSlice>.Interrupted ? 1 : 0).ToTopology(_service)
                .Subscribe(_seen.Add, e => _error = e);
        }

        public int Gaps { get; private set; }

        public int Bytes => _file.ToArray().Length;

        public void Dispose() => _subscription.Dispose();

        /// <summary>Plays the recording, and compares the snapshots.</summary>
        /// <returns>Their number.</returns>
        public int Check()
        {
            Assert.Null(_error);
            var recording = Recording.Read(new MemoryStream(_file.ToArray()));
            Assert.Empty(recording.Warnings);
            var clock = new VirtualClock(recording.Header.Started);
            var played = new List<ServiceTopology>();
            recording.ToObservable<EndpointSlice>(clock).ToTopology(_service).Subscribe(played.Add);
            clock.Start();
            Assert.Equal(_seen.Count, played.Count);
            Assert.All(_seen.Zip(played), pair =>
            {
                Assert.Equal(pair.First, pair.Second);
                Assert.Equal(Text(pair.First), Text(pair.Second));
            });
            return played.Count;
        }

        private static string Text(ServiceTopology s) => $"{s.Version} {s.Continuity} {s.Freshness} {s.Freshness.Cause} {s.Members} {s}";
    }
}
