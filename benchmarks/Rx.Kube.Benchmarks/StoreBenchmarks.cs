using System.Reactive.Subjects;
using BenchmarkDotNet.Attributes;
using Rx.Kube.Models;

namespace Rx.Kube.Benchmarks;

/// <summary>Measures a store of 10,000 objects of which one changes. The figures are per event.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks
{
    private const int Objects = 10_000;
    private const int Nodes = 100;
    private static readonly StoreIndex<Item, string> ByNode = StoreIndex.By((Item item) => item.Node);
    private readonly Item[] _items = [.. Enumerable.Range(0, Objects).Select(i => Of(i, i % Nodes))];
    private Subject<WatchEvent<Item>> _source = new();
    private WatchEvent<Item>[] _stay = [];
    private WatchEvent<Item>[] _move = [];
    private IDisposable? _subscription;
    private ResourceStore<Item>? _last;
    private int _changes;

    [GlobalSetup]
    public void Setup()
    {
        // One kind of event keeps the node, the other moves to another node. The events can be repeated: every event is a change.
        _stay = [.. _items.Concat(_items).Select((x, i) => new WatchEvent<Item>.Modified(x with { IsReady = i < Objects }, "2"))];
        _move = [.. _items.Concat(_items).Select((x, i) => new WatchEvent<Item>.Modified(i < Objects ? Of(i, (i + 1) % Nodes) : x, "2"))];
        _source = new Subject<WatchEvent<Item>>();
        _subscription = _source.ToStore(ByNode).Subscribe(s => _last = s);
        _source.OnNext(new WatchEvent<Item>.Listed([.. _items], "1"));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _subscription?.Dispose();
        _source.Dispose();
    }

    [Benchmark(OperationsPerInvoke = 2 * Objects, Baseline = true)]
    public int Change() => Play(_stay);

    [Benchmark(OperationsPerInvoke = 2 * Objects)]
    public int ChangeToAnotherNode() => Play(_move);

    [Benchmark(OperationsPerInvoke = 2 * Objects)]
    public int ChangeAndDiff()
    {
        foreach (var next in _stay)
        {
            var before = _last;
            _source.OnNext(next);
            _changes += _last!.DiffFrom(before).Updated.Length;
        }

        return _changes;
    }

    /// <summary>Applies an unchanged list. The figure is per list.</summary>
    [Benchmark]
    public int ListAgain()
    {
        _source.OnNext(new WatchEvent<Item>.Listed([.. _items], "1"));
        return _last!.Count;
    }

    private int Play(WatchEvent<Item>[] events)
    {
        foreach (var next in events)
        {
            _source.OnNext(next);
        }

        return _last!.Count;
    }

    private static Item Of(int i, int node) => new(
        new ObjectMeta
        {
            Name = $"cache-{i}",
            Namespace = "production",
            Uid = $"2f8e9a1c-5c43-4e57-b1c4-{i:d12}",
            ResourceVersion = "100000",
        },
        $"ip-10-0-0-{node}.eu-central-1.compute.internal",
        false);

    private sealed record Item(ObjectMeta Metadata, string Node, bool IsReady) : IResource;
}
