using System.Reactive.Linq;
using System.Reactive.Subjects;
using BenchmarkDotNet.Attributes;

namespace Rx.Kube.Benchmarks;

/// <summary>Measures the cost of a value that the next value supersedes, as in a burst. The figures are per value.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class SettleBenchmarks
{
    private const int Values = 10_000;
    private static readonly TimeSpan _quiet = TimeSpan.FromMilliseconds(100);
    private static readonly object _value = new();

    [Benchmark(OperationsPerInvoke = Values, Baseline = true)]
    public int Throttle() => Burst(source => source.Throttle(_quiet));

    [Benchmark(OperationsPerInvoke = Values)]
    public int Settle() => Burst(source => source.Settle(_quiet, TimeSpan.FromSeconds(1)));

    private static int Burst(Func<IObservable<object>, IObservable<object>> calm)
    {
        using var source = new Subject<object>();
        var seen = 0;
        using var subscription = calm(source).Subscribe(_ => seen++);
        for (var i = 0; i < Values; i++)
        {
            source.OnNext(_value);
        }

        return seen;
    }
}
