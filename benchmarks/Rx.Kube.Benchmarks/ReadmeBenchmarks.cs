using System.Reactive.Linq;
using BenchmarkDotNet.Attributes;
using Rx.Kube.Models;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// Measures the operators of the first program of the README, one after the other, beside the fold alone. The figures are per event; each
/// changes one endpoint.
/// </summary>
[MemoryDiagnoser]
public class ReadmeBenchmarks
{
    /// <summary>The number of events of one invocation.</summary>
    public const int Events = 20_000;

    private readonly WatchEvent<EndpointSlice>.Listed _list;
    private readonly CannedCollection _source;

    public ReadmeBenchmarks()
    {
        var workload = new ClusterWorkload(200, 10, oneService: true);
        (_list, var events) = (workload.List(), workload.Events(Events));
        _source = new(_list, events);
    }

    [Benchmark(OperationsPerInvoke = Events, Baseline = true)]
    public int Fold() => Count(_source.Watch(new WatchOptions("1")).StartWith(_list).ToTopology());

    [Benchmark(OperationsPerInvoke = Events)]
    public int Readme() => Count(_source
        .Resume()
        .ToTopology()
        .ShareLatest(onError: error => throw error)
        .WhereSynced()
        .DistinctUntilChanged());

    private static int Count(IObservable<ServiceTopology> snapshots)
    {
        var count = 0;
        using var subscription = snapshots.Subscribe(_ => count++, error => throw error);
        return count > Events ? count : throw new InvalidOperationException($"only {count} snapshots arrived");
    }
}
