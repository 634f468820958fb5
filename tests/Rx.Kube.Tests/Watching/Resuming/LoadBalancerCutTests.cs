using System.Globalization;
using static Rx.Kube.Tests.Watching.ResumeRun;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>A broken watch is routine: a load balancer cuts each connection after some seconds, whatever it carries.</summary>
public class LoadBalancerCutTests
{
    private const int Hour = 3_600_000;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Behind_one_that_cuts_every_minute_for_an_hour_the_client_is_never_without_a_watch_for_more_than_3_s(int seed)
    {
        var run = Play(["(l|)"], [.. Enumerable.Repeat("^ 59999ms #", 70)], Hour, random: RandomSource.Seeded(seed));

        Assert.All(Gaps(run), gap => Assert.InRange(gap, 0, 3_000));
        Assert.InRange(Gaps(run).Count, 58, 60);
        Assert.InRange(Stale(run), 1, Hour * 3 / 100);
        Assert.Single(run.Server.Requests, r => r.List is not null);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(30)]
    public void Behind_one_that_cuts_every_few_seconds_the_client_is_without_a_watch_for_at_most_2_percent_and_says_nothing(int seconds)
    {
        var connections = Enumerable.Repeat($"^ {(seconds * 1_000) - 1}ms #", Hour / seconds / 1_000);
        var run = Play(["(l|)"], [.. connections], Hour, random: RandomSource.Seeded(7));

        run.Saw("0 Listed 17");
        Assert.All(Gaps(run), gap => Assert.InRange(gap, 0, seconds * 20));
        Assert.InRange(Gaps(run).Sum(), 1, Hour / 50);
    }

    [Fact]
    public void A_cut_every_minute_after_an_outage_does_not_wait_as_during_the_outage()
    {
        var outage = Enumerable.Repeat("#", 8);
        var run = Play(["(l|)"], ["^ 10s #", .. outage, .. Enumerable.Repeat("^ 59999ms #", 70)], Hour, random: RandomSource.Seeded(7));

        Assert.All(Gaps(run).Skip(9), gap => Assert.InRange(gap, 0, 1_200));
    }

    [Fact]
    public void A_thousand_old_watches_that_are_cut_together_are_spread_over_3_s()
    {
        var (random, starts) = (new Random(20261128), new List<long>());
        for (var i = 0; i < 1_000; i++)
        {
            starts.Add(Play(["(l|)"], ["^ 299999ms #", ""], 310_000, random: RandomSource.Seeded(random.Next())).Server.Requests[^1].Frame);
        }

        Assert.InRange(starts.Min(), 300_000, 300_050);
        Assert.InRange(starts.Max(), 302_950, 303_000);
        Assert.InRange(HerdTests.Peak(starts), 1, 100);
    }

    /// <summary>The time in ms without a watch, or with an interruption that is reported, whichever is longer.</summary>
    private static long Stale(ResumeRun run)
    {
        var (since, reported) = (-1L, 0L);
        foreach (var line in run.Log)
        {
            var at = long.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture);
            if (line.Contains("Interrupted", StringComparison.Ordinal))
            {
                since = since < 0 ? at : since;
            }
            else if (since >= 0)
            {
                (reported, since) = (reported + at - since, -1);
            }
        }

        return Math.Max(reported, Gaps(run).Sum());
    }

    /// <summary>The times in ms between the end of a watch and the request of the next one.</summary>
    private static List<long> Gaps(ResumeRun run)
    {
        var watches = run.Server.Requests.Where(r => r.Watch is not null).ToList();
        return [.. watches.Zip(watches.Skip(1), (one, next) => next.Frame - one.End!.Value)];
    }
}
