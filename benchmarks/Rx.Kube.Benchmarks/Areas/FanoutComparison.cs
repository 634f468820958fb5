using System.Diagnostics;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Areas;

/// <summary>Many subscribers of one watch: whether one that blocks delays the others, and a thousand Services at once.</summary>
internal static class FanoutComparison
{
    private const string Area = "fanout";
    private const int Subscribers = 100;
    private static readonly int[] Services = [10, 1_000];

    public static IEnumerable<ComparedRow> Rows(CompareOptions options) => Blocked(options).Concat(ByService(options));

    private static IEnumerable<ComparedRow> Blocked(CompareOptions options)
    {
        var (all, others) = (new List<Figures>(), new List<Figures>());
        for (var round = 0; round < options.Pick(1, 3, 7); round++)
        {
            all.Add(Latencies(isOneBlocked: false, options));
            others.Add(Latencies(isOneBlocked: true, options));
        }

        foreach (var percent in new[] { 50.0, 99, 99.9 })
        {
            Figures Of(List<Figures> rounds) => new([.. rounds.Select(figures => figures.Percentile(percent))]);

            // Noise of the machine decides the largest percentile, so that it has no goal.
            yield return ComparedRow.Times(
                Area, $"100 subscribers, one blocked: p{percent} of the others, beside none blocked", Of(others), Of(all),
                "none blocked", "us", percent == 99 ? 0.67 : 0);
        }
    }

    // From the call of the source to the call of each subscriber that is not blocked, at 1,000 values a second.
    private static Figures Latencies(bool isOneBlocked, CompareOptions options)
    {
        var values = options.Pick(20, 500, 2000);
        var latencies = new long[Subscribers][];
        using var source = new Subject<Stamped>();
        using var unblocked = new ManualResetEventSlim();
        using var scheduler = new EventLoopScheduler();
        var shared = source.ShareLatest(observeOn: TaskPoolScheduler.Default);
        using var subscriptions = new CompositeDisposable();
        for (var i = 0; i < Subscribers; i++)
        {
            var mine = latencies[i] = new long[values];
            subscriptions.Add(i == 0 && isOneBlocked
                ? shared.ObserveLatest(scheduler).Subscribe(_ => unblocked.Wait())
                : shared.Subscribe(value => mine[value.Number] = Stopwatch.GetTimestamp() - value.At));
        }

        for (var n = 0; n < values; n++)
        {
            source.OnNext(new(n, Stopwatch.GetTimestamp()));
            Thread.Sleep(1);
        }

        Thread.Sleep(50);
        unblocked.Set();
        var ticks = latencies.Skip(1).SelectMany(mine => mine.Skip(values / 5)).Where(t => t > 0);
        return new([.. ticks.Select(t => Stopwatch.GetElapsedTime(0, t).TotalMicroseconds)]);
    }

    private static IEnumerable<ComparedRow> ByService(CompareOptions options)
    {
        FoldContestant[] folds = [.. Services.Select(n => new FoldContestant(new ClusterWorkload(n, 15), source =>
        {
            var services = source.ToClusterTopology().ByService();
            return new CompositeDisposable(Enumerable.Range(0, n)
                .Select(s => services.Service(ClusterWorkload.NameOf(s)).Subscribe(_ => { })));
        }))];
        var measured = Turns.Measure(folds, options.Pick(1, 5, 45), options.WarmUp);
        yield return ComparedRow.AtMost(
            Area, "1,000 Services by ByService, a subscriber each: processor time an event", measured[1].Time, "us", null);
        yield return ComparedRow.AtMost(
            Area, "1,000 Services by ByService, a subscriber each: allocated an event", measured[1].Bytes, "B", null);
        yield return ComparedRow.Times(
            Area, "1,000 Services by ByService, a subscriber each: processor time an event", measured[1].Time, measured[0].Time,
            "10 Services", "us", 0.4);
        Array.ForEach(folds, fold => fold.Dispose());
    }

    private sealed record Stamped(int Number, long At);
}
