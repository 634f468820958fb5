using System.Collections.Frozen;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using BenchmarkDotNet.Attributes;
using Rx.Kube.Models;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// Measures the join of a Service with the 10,000 pods of its namespace, of which one changes. The figures are per event of a pod.
/// </summary>
[MemoryDiagnoser]
public class JoinBenchmarks
{
    private const int Pods = 10_000;
    private readonly Subject<WatchEvent<Pod>> _pods = new();
    private WatchEvent<Pod>[] _events = [];
    private IDisposable? _subscription;
    private Func<JoinedTopology, bool> _read = _ => false;
    private JoinedTopology? _before;
    private int _hits;

    [Params(100, Pods)]
    public int Endpoints { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var slice = new EndpointSlice
        {
            Metadata = new ObjectMeta
            {
                Name = "s",
                Namespace = "production",
                Labels = new Dictionary<string, string> { [EndpointSlice.ServiceNameLabel] = "cache" }.ToFrozenDictionary(),
            },
            AddressType = "IPv4",
            Endpoints =
            [
                .. Enumerable.Range(0, Endpoints).Select(i => new Endpoint
                {
                    Addresses = [$"10.0.{i >> 8}.{i & 255}"],
                    TargetRef = new TargetReference("Pod", "production", $"cache-{i}", $"u{i}"),
                }),
            ],
        };
        _events = [.. Enumerable.Range(0, 2 * Pods).Select(i => new WatchEvent<Pod>.Modified(Of(i % Pods, ready: i < Pods), "2"))];
        var topology = Observable.Return(new WatchEvent<EndpointSlice>.Listed([slice], "1"))
            .Concat(Observable.Never<WatchEvent<EndpointSlice>>());
        var joined = topology.ToTopology().WithPods(_pods.ToStore());
        _subscription = joined.Subscribe(j =>
        {
            _hits += _read(j) ? 1 : 0;
            _before = j;
        });
        _pods.OnNext(new WatchEvent<Pod>.Listed([.. Enumerable.Range(0, Pods).Select(i => Of(i, ready: false))], "1"));
    }

    [GlobalCleanup]
    public void Cleanup() => _subscription?.Dispose();

    [Benchmark(OperationsPerInvoke = 2 * Pods, Baseline = true)]
    public int Unread() => Play(_ => false);

    /// <summary>Compares each snapshot with the previous one, as DistinctUntilChanged does.</summary>
    [Benchmark(OperationsPerInvoke = 2 * Pods)]
    public int ComparedWithThePrevious() => Play(j => j.Equals(_before));

    [Benchmark(OperationsPerInvoke = 2 * Pods)]
    public int ReadIsComplete() => Play(j => j.IsComplete);

    private int Play(Func<JoinedTopology, bool> read)
    {
        _read = read;
        foreach (var next in _events)
        {
            _pods.OnNext(next);
        }

        return _hits;
    }

    private static Pod Of(int i, bool ready) => new()
    {
        Metadata = new ObjectMeta { Name = $"cache-{i}", Namespace = "production", Uid = $"u{i}" },
        NodeName = $"n{i % 100}",
        Ready = ready,
    };
}
