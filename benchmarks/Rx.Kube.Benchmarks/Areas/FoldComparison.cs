using System.Reactive.Subjects;
using Rx.Kube.Benchmarks.WholePath;
using Rx.Kube.Models;

namespace Rx.Kube.Benchmarks.Areas;

/// <summary>
/// What the fold adds to the decoding of an event that changes one endpoint, and how this grows with the number of slices.
/// </summary>
internal static class FoldComparison
{
    private const string Area = "fold";
    private static readonly int[] Sizes = [200, 1_000, 10_000];

    public static IEnumerable<ComparedRow> Rows(CompareOptions options) =>
        Absolute(options)
            .Concat(Slope(
                "one Service, slices of 10", options, n => new FoldContestant(
                    new ClusterWorkload(n, 10, oneService: true), source => source.ToTopology().Subscribe())))
            .Concat(Slope(
                "all Services, a slice of 15 each", options, n => new FoldContestant(
                    new ClusterWorkload(n, 15), source => source.ToClusterTopology().Subscribe())));

    private static IEnumerable<ComparedRow> Absolute(CompareOptions options)
    {
        using var fold = new FoldContestant(new ClusterWorkload(200, 100, oneService: true), source => source.ToTopology().Subscribe());
        var measured = Turns.Measure([fold], options.Pick(1, 5, 45), options.FirstWarmUp)[0];
        yield return ComparedRow.AtMost(Area, "200 slices of 100: processor time an event, beyond the decode", measured.Time, "us", 1);
        yield return ComparedRow.AtMost(Area, "200 slices of 100: allocated an event, beyond the decode", measured.Bytes, "B", 512);
    }

    private static IEnumerable<ComparedRow> Slope(string what, CompareOptions options, Func<int, FoldContestant> create)
    {
        FoldContestant[] folds = [.. Sizes.Select(n => create(options.Pick(dry: n / 20, quick: n, full: n)))];
        var measured = Turns.Measure(folds, options.Pick(1, 5, 45), options.WarmUp);
        foreach (var (size, cost) in Sizes.Zip(measured))
        {
            yield return ComparedRow.AtMost(Area, $"{what}: {size} slices: processor time an event", cost.Time, "us", null);
            yield return ComparedRow.AtMost(Area, $"{what}: {size} slices: allocated an event", cost.Bytes, "B", null);
        }

        double SlopeOf(Func<Measured, double> figure) =>
            Math.Log(figure(measured[^1]) / figure(measured[0])) / Math.Log((double)Sizes[^1] / Sizes[0]);
        yield return ComparedRow.AtMost(
            Area, $"{what}: log-log slope of the time, {Sizes[0]} to {Sizes[^1]} slices", SlopeOf(m => m.Time.Least), "", 0.2) with
        {
            OursMedian = SlopeOf(m => m.Time.Median),
        };
        Array.ForEach(folds, fold => fold.Dispose());
    }
}

/// <summary>A fold that receives decoded events.</summary>
internal sealed class FoldContestant : Contestant
{
    private const int Events = 2000;
    private readonly Subject<WatchEvent<EndpointSlice>> _source = new();
    private readonly IDisposable _subscription;
    private readonly WatchEvent<EndpointSlice>[] _events;

    /// <param name="workload">The slices.</param>
    /// <param name="read">Subscribes to what is folded.</param>
    public FoldContestant(ClusterWorkload workload, Func<IObservable<WatchEvent<EndpointSlice>>, IDisposable> read)
        : base("Rx.Kube")
    {
        _subscription = read(_source);
        _source.OnNext(workload.List());
        _events = workload.Events(Events);
    }

    public override Cost Round() => Cost.Of(Events, () => Array.ForEach(_events, _source.OnNext));

    public override void Dispose()
    {
        _subscription.Dispose();
        _source.Dispose();
        base.Dispose();
    }
}
