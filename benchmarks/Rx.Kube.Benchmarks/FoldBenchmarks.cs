using System.Reactive.Subjects;
using BenchmarkDotNet.Attributes;
using Rx.Kube.Models;

namespace Rx.Kube.Benchmarks;

/// <summary>Measures folding of the events of W1 into snapshots. The figures are per event.</summary>
[MemoryDiagnoser]
public class FoldBenchmarks
{
    private readonly W1Workload _w1 = new();
    private readonly EndpointSliceDecoder _decoder = new();
    private Subject<WatchEvent<EndpointSlice>> _source = new();
    private WatchEvent<EndpointSlice>[] _events = [];
    private IDisposable? _subscription;
    private ServiceTopology? _last;
    private int _changes;

    [GlobalSetup]
    public void Setup()
    {
        _events = [.. _w1.EventObjects.Select(o => _decoder.Decode(o))
            .Select(s => new WatchEvent<EndpointSlice>.Modified(s, s.Metadata.ResourceVersion))];
        _source = new Subject<WatchEvent<EndpointSlice>>();
        _subscription = _source.ToTopology().Subscribe(t => _last = t);
        _source.OnNext(new WatchEvent<EndpointSlice>.Listed([.. _w1.Objects.Select(o => _decoder.Decode(o))], "1"));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _subscription?.Dispose();
        _source.Dispose();
    }

    /// <summary>Folds decoded slices.</summary>
    [Benchmark(OperationsPerInvoke = W1Workload.Events)]
    public int Fold()
    {
        foreach (var next in _events)
        {
            _source.OnNext(next);
        }

        return _last!.Endpoints.Count;
    }

    /// <summary>Decodes and folds: from the bytes to the snapshot.</summary>
    [Benchmark(OperationsPerInvoke = W1Workload.Events)]
    public int DecodeAndFold()
    {
        foreach (var json in _w1.EventObjects)
        {
            var slice = _decoder.Decode(json);
            _source.OnNext(new WatchEvent<EndpointSlice>.Modified(slice, slice.Metadata.ResourceVersion));
        }

        return _last!.Endpoints.Count;
    }

    /// <summary>Decodes and folds, reads all endpoints of the snapshot, and computes the difference.</summary>
    [Benchmark(OperationsPerInvoke = W1Workload.Events)]
    public int DecodeFoldAndDiff()
    {
        foreach (var json in _w1.EventObjects)
        {
            var before = _last;
            var slice = _decoder.Decode(json);
            _source.OnNext(new WatchEvent<EndpointSlice>.Modified(slice, slice.Metadata.ResourceVersion));
            _changes += _last!.DiffFrom(before).Updated.Length;
        }

        return _changes;
    }

    [Benchmark(OperationsPerInvoke = W1Workload.Events, Baseline = true)]
    public Task<int> Line() => SystemTextJsonPeer.LinesAsync(_w1.Stream);
}
