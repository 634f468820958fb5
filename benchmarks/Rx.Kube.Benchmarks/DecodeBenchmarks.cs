using BenchmarkDotNet.Attributes;
using Rx.Kube.Models;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// Measures decoding of the events of W1. The figures are per event. Rx.Kube starts at the object of the event, the peers at the line.
/// </summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private readonly W1Workload _w1 = new();
    private readonly EndpointSlice[] _held = new EndpointSlice[W1Workload.Slices];
    private readonly EndpointSliceDecoder _decoder = new();

    /// <summary>Decodes as in use: the fold still holds the previous slices.</summary>
    [Benchmark(OperationsPerInvoke = W1Workload.Events)]
    public int Ours()
    {
        for (var e = 0; e < W1Workload.Events; e++)
        {
            _held[e % W1Workload.Slices] = _decoder.Decode(_w1.EventObjects[e]);
        }

        return _held.Length;
    }

    /// <summary>Decodes each slice for the first time, as in a list.</summary>
    [Benchmark(OperationsPerInvoke = W1Workload.Events)]
    public int OursFirstTime()
    {
        var decoder = new EndpointSliceDecoder();
        var endpoints = 0;
        for (var e = 0; e < W1Workload.Events; e++)
        {
            endpoints += decoder.Decode(_w1.EventObjects[e]).Endpoints.Count;
        }

        return endpoints;
    }

    [Benchmark(OperationsPerInvoke = W1Workload.Events)]
    public int Typed()
    {
        var endpoints = 0;
        foreach (var line in _w1.EventLines)
        {
            endpoints += SystemTextJsonPeer.Typed(line).Object!.Endpoints!.Count;
        }

        return endpoints;
    }

    [Benchmark(OperationsPerInvoke = W1Workload.Events, Baseline = true)]
    public Task<int> Line() => SystemTextJsonPeer.LinesAsync(_w1.Stream);

    [Benchmark(OperationsPerInvoke = W1Workload.Events)]
    public int Limit()
    {
        var tokens = 0;
        foreach (var line in _w1.EventLines)
        {
            tokens += SystemTextJsonPeer.Limit(line);
        }

        return tokens;
    }
}
