using System.Reactive.Subjects;
using BenchmarkDotNet.Attributes;
using Rx.Kube.Models;

namespace Rx.Kube.Benchmarks;

/// <summary>Measures the events of a cluster of Services with 15 endpoints each. The figures are per event.</summary>
[MemoryDiagnoser]
public class ClusterBenchmarks
{
    private const int Events = 1000;
    private readonly List<IDisposable> _subscriptions = [];
    private WatchEvent<EndpointSlice>[] _events = [];
    private Subject<WatchEvent<EndpointSlice>> _alone = new();
    private Subject<WatchEvent<EndpointSlice>> _shared = new();
    private ClusterTopology? _last;
    private int _heard;

    [Params(200, 10_000)]
    public int Services { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var workload = new ClusterWorkload(Services, 15);
        var list = workload.List();
        _events = workload.Events(Events);
        _subscriptions.Add((_alone = new()).ToClusterTopology().Subscribe(c => _last = c));
        _alone.OnNext(list);
        var services = (_shared = new()).ToClusterTopology().ByService();
        _subscriptions.AddRange(_last!.Names.Select(n => services.Service(n).Subscribe(_ => _heard++)));
        _shared.OnNext(list);
    }

    [GlobalCleanup]
    public void Cleanup() => _subscriptions.ForEach(s => s.Dispose());

    /// <summary>Folds decoded events.</summary>
    [Benchmark(OperationsPerInvoke = Events, Baseline = true)]
    public ClusterTopology? Fold()
    {
        foreach (var next in _events)
        {
            _alone.OnNext(next);
        }

        return _last;
    }

    /// <summary>Folds decoded events with a subscriber to each Service.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public int FoldAndNotify()
    {
        foreach (var next in _events)
        {
            _shared.OnNext(next);
        }

        return _heard;
    }
}
