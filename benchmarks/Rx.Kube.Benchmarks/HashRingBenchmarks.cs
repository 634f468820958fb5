using BenchmarkDotNet.Attributes;

namespace Rx.Kube.Benchmarks;

/// <summary>A lookup by hash beside a binary search over the same tokens, and a join beside a rebuild.</summary>
[MemoryDiagnoser]
public class HashRingBenchmarks
{
    private const int Keys = 1 << 20;
    private readonly KeyHash[] _keys = new KeyHash[Keys];
    private string[] _names = [];
    private HashRing<string> _ring = HashRing.Create([]);
    private ulong[] _tokens = [];
    private string[] _owners = [];

    [Params(10, 100, 1000, 5000)]
    public int Members { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _names = [.. Enumerable.Range(0, Members).Select(i => $"cache-{i}")];
        _ring = HashRing.Create(_names);
        var tokens = _names
            .SelectMany(name => Enumerable.Range(1, RingLayout.DefaultTokensPerWeight)
                .Select(seed => (Token: XxHash64.Hash(System.Text.Encoding.UTF8.GetBytes(name), (ulong)seed), name)))
            .OrderBy(token => token.Token)
            .ToArray();
        (_tokens, _owners) = ([.. tokens.Select(token => token.Token)], [.. tokens.Select(token => token.name)]);
        var random = new Random(1);
        for (var i = 0; i < Keys; i++)
        {
            _keys[i] = new KeyHash(((ulong)random.NextInt64() << 1) ^ (ulong)random.NextInt64());
        }
    }

    [Benchmark(OperationsPerInvoke = Keys)]
    public int Ring()
    {
        var sum = 0;
        foreach (var key in _keys)
        {
            _ring.TryGetOwner(key, out var owner);
            sum += owner!.Length;
        }

        return sum;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Keys)]
    public int BinarySearch()
    {
        var sum = 0;
        foreach (var key in _keys)
        {
            var index = Array.BinarySearch(_tokens, key.Value);
            index = index < 0 ? ~index : index;
            sum += _owners[index == _owners.Length ? 0 : index].Length;
        }

        return sum;
    }

    [Benchmark]
    public HashRing<string> Join() => _ring.With("newcomer");

    [Benchmark]
    public HashRing<string> Rebuild() => HashRing.Create([.. _names, "newcomer"]);
}
