using BenchmarkDotNet.Attributes;
using Rx.Kube.Models;

namespace Rx.Kube.Benchmarks;

/// <summary>Decoding the events of W1; the figures are per event. Our side starts at the event's object, the peers at its line.</summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private readonly W1 _w1 = new();
    private readonly EndpointSlice[] _held = new EndpointSlice[W1.Slices];
    private readonly EndpointSliceDecoder _decoder = new();

    /// <summary>As in use: the state before is still held by whoever folds it.</summary>
    [Benchmark(OperationsPerInvoke = W1.Events)]
    public int Ours()
    {
        for (var e = 0; e < W1.Events; e++)
        {
            _held[e % W1.Slices] = _decoder.Decode(_w1.EventObjects[e]);
        }

        return _held.Length;
    }

    /// <summary>The first time a slice is seen, as in a list.</summary>
    [Benchmark(OperationsPerInvoke = W1.Events)]
    public int OursFirstTime()
    {
        var decoder = new EndpointSliceDecoder();
        var endpoints = 0;
        for (var e = 0; e < W1.Events; e++)
        {
            endpoints += decoder.Decode(_w1.EventObjects[e]).Endpoints.Count;
        }

        return endpoints;
    }

    [Benchmark(OperationsPerInvoke = W1.Events)]
    public int Typed()
    {
        var endpoints = 0;
        foreach (var line in _w1.EventLines)
        {
            endpoints += Peers.Typed(line).Object!.Endpoints!.Count;
        }

        return endpoints;
    }

    [Benchmark(OperationsPerInvoke = W1.Events, Baseline = true)]
    public Task<int> Line() => Peers.LinesAsync(_w1.Stream);

    [Benchmark(OperationsPerInvoke = W1.Events)]
    public int Limit()
    {
        var tokens = 0;
        foreach (var line in _w1.EventLines)
        {
            tokens += Peers.Limit(line);
        }

        return tokens;
    }
}
