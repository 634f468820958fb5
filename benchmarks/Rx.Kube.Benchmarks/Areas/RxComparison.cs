using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Areas;

/// <summary>What the operators that only pass events on cost, beside decoding and beside the operators of Rx.</summary>
internal static class RxComparison
{
    private const string Area = "rx";
    private const int Resumes = 100_000;
    private const int Values = 10_000;

    public static IEnumerable<ComparedRow> Rows(CompareOptions options)
    {
        var resume = new ResumeBenchmarks();
        var decode = new DecodeBenchmarks();
        var measured = Turns.Measure(
            [
                new Repeated("bare", Resumes, () => resume.Bare()), new Repeated("resumed", Resumes, () => resume.Audited()),
                new Repeated("decode", W1Workload.Events, () => decode.Ours()),
            ],
            options.Rounds, options.FirstWarmUp);
        var plumbing = new Figures([.. measured[1].Time.Values.Zip(measured[0].Time.Values, (resumed, bare) => 1000 * (resumed - bare))]);
        var bytes = new Figures([.. measured[1].Bytes.Values.Zip(measured[0].Bytes.Values, (resumed, bare) => resumed - bare)]);
        yield return ComparedRow.Times(
            Area, "Resume, with what audits remember: processor time an event, beside the decode of W1", plumbing,
            measured[2].Time.Times(1000), "the decode", "ns", 50);
        yield return ComparedRow.AtMost(Area, "Resume, with what audits remember: allocated an event", new([bytes.Median]), "B", null);

        foreach (var row in ReadmeRows(decode, options))
        {
            yield return row;
        }

        var settle = new SettleBenchmarks();
        measured = Turns.Measure(
            [new Repeated("Settle", Values, () => settle.Settle()), new Repeated("Throttle", Values, () => settle.Throttle())],
            options.Rounds, options.WarmUp);
        yield return ComparedRow.AtMost(Area, "Settle: processor time a superseded value", measured[0].Time.Times(1000), "ns", 50);
        yield return ComparedRow.AtMost(Area, "Settle: allocated a superseded value", measured[0].Bytes, "B", 1);
        yield return ComparedRow.Times(
            Area, "Settle: processor time a superseded value", measured[0].Time.Times(1000), measured[1].Time.Times(1000), "Throttle",
            "ns", 0);
        yield return ComparedRow.Times(
            Area, "Settle: allocated a superseded value", measured[0].Bytes, measured[1].Bytes, "Throttle", "B", 0);
    }

    private static IEnumerable<ComparedRow> ReadmeRows(DecodeBenchmarks decode, CompareOptions options)
    {
        var readme = new ReadmeBenchmarks();
        var measured = Turns.Measure(
            [
                new Repeated("fold", ReadmeBenchmarks.Events, () => readme.Fold()),
                new Repeated("readme", ReadmeBenchmarks.Events, () => readme.Readme()),
                new Repeated("decode", W1Workload.Events, () => decode.Ours()),
            ],
            options.Rounds, options.WarmUp);
        const string Chain = "the operators of README beyond the fold";
        var (fold, all) = (measured[0], measured[1]);

        // The least difference of two rounds would be one of noise.
        yield return ComparedRow.Times(
            Area, $"{Chain}: processor time an event, beside the decode of W1", new([1000 * (all.Time.Least - fold.Time.Least)]),
            measured[2].Time.Times(1000), "the decode", "ns", 10) with
        {
            OursMedian = 1000 * (all.Time.Median - fold.Time.Median),
        };
        yield return ComparedRow.AtMost(
            Area, $"{Chain}: allocated an event", new([all.Bytes.Median - fold.Bytes.Median]), "B", null);
    }
}
