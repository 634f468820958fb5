using Rx.Kube.Tests.EndToEnd;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>An ERROR inside a watch that is neither 410 nor 429 can repeat for its version: the way on is a list.</summary>
public class StreamErrorTests
{
    [Fact]
    public void An_error_500_in_the_watch_leads_to_a_list_and_the_version_is_not_watched_from_again() =>
        Run.PlayWithLongWaits("5s", List("17", "a"), Watch("2s e"), List("30", "ac"), Watch(""))
            .Saw("0 live a", "2000 stale a ServerError +2000", "4000 live ac")
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 2000", "list not older than 17 at 4000 to 4000",
                "watch from 30 at 4000 to 5000");

    [Theory]
    [InlineData("^e")]
    [InlineData("1100ms e")]
    [InlineData("9s e")]
    public void An_error_in_every_watch_costs_at_most_40_lists_in_ten_minutes(string watch)
    {
        var run = Run.Play("10m", new Script { Answer = request => request.Query("watch") is null ? List("17", "a") : Watch(watch) });

        Assert.InRange(run.Requests.Count(r => r.StartsWith("list", StringComparison.Ordinal)), 5, 40);
    }

    [Fact]
    public void Five_answers_500_from_one_version_without_progress_lead_to_a_list()
    {
        var run = Run.Play(
            "30s", List("17", "a"), Status(500, ""), Status(500, ""), Status(500, ""), Status(500, ""), Status(500, ""), List("30", "ac"),
            Watch(""));

        Assert.Equal("24800 live ac", run.Log[^1]);
        Assert.Equal("list not older than 17 at 24800 to 24800", run.Requests.ElementAt(6));
    }

    [Fact]
    public void A_429_in_the_watch_is_no_reason_to_list()
    {
        var throttled = new Dictionary<char, string>
        {
            ['t'] = Testing.SliceJson.Error(429, "TooManyRequests", "slow down", retryAfter: 7),
        };
        Run.Play("12s", List("17", "a"), new("2s t", throttled), Watch("b"))
            .Saw("0 live a", "2000 stale a Throttled +7000", "9000 live a", "9000 live ab");
    }
}
