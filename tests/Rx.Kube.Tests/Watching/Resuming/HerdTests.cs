using Rx.Kube.Testing;
using static Rx.Kube.Tests.Watching.ResumeRun;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>What happens to all clients at one instant must not become a herd: at most a tenth of the requests in any 100 ms.</summary>
public class HerdTests
{
    private const int Clients = 1_000;

    [Theory]
    [InlineData("^ 59999ms #gone")]
    [InlineData("59999ms #gone")]
    public void A_410_to_a_thousand_clients_is_spread_over_a_second_and_a_half(string watch)
    {
        var lists = Requests(["(l|)", "(m|)"], [watch, ""], r => r.List is { NotOlderThan: not null });

        Assert.InRange(lists.Max() - lists.Min(), 1_400, 1_500);
        Assert.InRange(Peak(lists), 1, Clients / 10);
    }

    [Theory]
    [InlineData("^ 59999ms #later", 7)]
    [InlineData("59999ms #later", 7)]
    [InlineData("59999ms #soon", 1)]
    public void A_429_with_one_Retry_After_to_a_thousand_clients_is_spread_and_nothing_comes_before_it(string watch, int retryAfter)
    {
        var watches = Requests(["(l|)"], [watch, ""], r => r.Watch is not null && r.Frame > 0);

        Assert.InRange(watches.Min(), 60_000 - 1 + (retryAfter * 1_000), long.MaxValue);
        Assert.InRange(Peak(watches), 1, Clients / 10);
    }

    [Fact]
    public void A_503_with_one_Retry_After_to_a_thousand_first_lists_is_spread()
    {
        var lists = Requests(["#unavailable7", "(l|)"], [""], r => r.List is not null && r.Frame > 0);

        Assert.InRange(lists.Min(), 7_000, 7_100);
        Assert.InRange(Peak(lists), 1, Clients / 10);
    }

    [Fact]
    public void A_rolling_restart_that_closes_a_thousand_old_watches_is_spread_over_3_s()
    {
        var watches = Requests(["(l|)"], ["^ 299999ms |", ""], r => r.Watch is not null && r.Frame > 0);

        Assert.InRange(watches.Max() - watches.Min(), 2_900, 3_000);
        Assert.InRange(Peak(watches), 1, Clients / 10);
    }

    [Fact]
    public void A_thousand_watches_that_fall_silent_after_the_same_event_are_spread_over_3_s()
    {
        var watches = Requests(["(l|)"], ["60s B", ""], r => r.Watch is not null && r.Frame > 0);

        Assert.InRange(watches.Min(), 210_000, 210_100);
        Assert.InRange(watches.Max(), 212_900, 213_001);
        Assert.InRange(Peak(watches), 1, Clients / 10);
    }

    /// <summary>The largest number of requests in any 100 ms.</summary>
    internal static int Peak(List<long> frames)
    {
        var (sorted, first, peak) = (frames.Order().ToList(), 0, 0);
        for (var i = 0; i < sorted.Count; i++)
        {
            while (sorted[i] - sorted[first] >= 100)
            {
                first++;
            }

            peak = Math.Max(peak, i - first + 1);
        }

        return peak;
    }

    private static List<long> Requests(string[] lists, string[] connections, Func<WatchRequest, bool> counts)
    {
        var (random, frames) = (new Random(20261128), new List<long>());
        for (var i = 0; i < Clients; i++)
        {
            var run = Play(lists, connections, until: 320_000, Errors(), RandomSource.Seeded(random.Next()));
            frames.Add(run.Server.Requests.First(counts).Frame);
        }

        return frames;
    }

    private static MarbleErrors Errors()
    {
        var errors = MarbleErrors.Kubernetes;
        errors["later"] = Status(429, 7);
        errors["soon"] = Status(429, 1);
        errors["unavailable7"] = Status(503, 7);
        return errors;
    }

    private static KubeStatusException Status(int code, int retryAfter) =>
        new("slow down", new KubeStatus(code, "", "slow down", []), TimeSpan.FromSeconds(retryAfter));
}
