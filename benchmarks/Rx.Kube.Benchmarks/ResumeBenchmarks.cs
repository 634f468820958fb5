using System.Reactive.Linq;
using BenchmarkDotNet.Attributes;
using Rx.Kube.Models;

namespace Rx.Kube.Benchmarks;

/// <summary>Measures the overhead of Resume per event, with the watchdog armed by bookmarks. The figures are per event.</summary>
[MemoryDiagnoser]
public class ResumeBenchmarks : IWatchable<EndpointSlice>
{
    private const int Events = 100_000;
    private static readonly EndpointSlice _slice = new() { Metadata = new ObjectMeta { Name = "cache-abc" } };
    private static readonly WatchEvent<EndpointSlice> _event = new WatchEvent<EndpointSlice>.Modified(_slice, "19");

    /// <inheritdoc/>
    public IObservable<WatchEvent<EndpointSlice>.Listed> List(ListOptions options) =>
        Observable.Return(new WatchEvent<EndpointSlice>.Listed([_slice], "17"));

    /// <inheritdoc/>
    public IObservable<WatchEvent<EndpointSlice>> Watch(WatchOptions options) =>
        Observable.Create<WatchEvent<EndpointSlice>>(observer =>
        {
            observer.OnNext(new WatchEvent<EndpointSlice>.Opened());
            observer.OnNext(new WatchEvent<EndpointSlice>.Bookmark("18"));
            for (var i = 0; i < Events; i++)
            {
                observer.OnNext(_event);
            }

            return () => { };
        });

    [Benchmark(OperationsPerInvoke = Events, Baseline = true)]
    public int Bare() => Count(Watch(new WatchOptions("17")));

    [Benchmark(OperationsPerInvoke = Events)]
    public int Resumed() => Count(this.Resume());

    private static int Count(IObservable<WatchEvent<EndpointSlice>> events)
    {
        var count = 0;
        using var subscription = events.Subscribe(_ => count++);
        return count;
    }
}
