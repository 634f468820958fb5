using System.Net;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Watching;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>
/// Bugs of other clients, found in the field, by number: 1 to 4, 9, 14 and 15 are about watches that end. The other numbers are in
/// <see cref="FieldBugStateTests"/>, <see cref="FieldBugHerdTests"/>, <see cref="FieldBugSliceTests"/>, <see cref="FieldBugDisposalTests"/>
/// and <see cref="FieldBugCredentialTests"/>.
/// </summary>
public sealed class FieldBugTests
{
    // The silence timeout is 150 s. The second watch is open from 3002 ms, and the third one sends a bookmark a minute after it is open.
    private const int FirstSilence = 3_002 + 150_000;
    private const int SecondSilence = FirstSilence + 60_000 + 150_000;

    private static readonly ResumeOptions _noJitter = new Script().Options;

    // csharp#533, #884, #1134; client-go#374
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void Bug01_Headers_then_silence_is_one_reconnect_from_the_last_version_at_watchdog_time(int hours)
    {
        JumpingClock wall = null!;
        var script = new Script
        {
            Responses = [List("17", "a"), Watch("b 2s B 1s |"), Watch("^"), Watch("^ 59999ms N"), Watch("^")],
            At = [("60s", _ => wall.Jumped += TimeSpan.FromHours(hours)), ("250s", _ => wall.Jumped += TimeSpan.FromHours(hours))],
        };

        Heard.Play("7m", script, clock => wall = new(clock))
            .Saw("0 Listed 17", "0 Added 18", "2001 Bookmark 25", $"{FirstSilence + 60_000} Bookmark 45")
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 3002", $"watch from 25 at 3002 to {FirstSilence}",
                $"watch from 25 at {FirstSilence} to {SecondSilence}", $"watch from 45 at {SecondSilence} to 420000");
    }

    // KubeClient#157: RetryWhen does not see a completion
    [Fact]
    public void Bug02_Three_clean_closes_are_four_connections_and_no_completion() =>
        Heard.Play("7s", List("17", "a"), Watch("^ 1999ms |"), Watch("^ 1999ms |"), Watch("b 1999ms |"), Watch("^"))
            .Saw("0 Listed 17", "4000 Added 18")
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 2000", "watch from 17 at 2000 to 4000", "watch from 17 at 4000 to 6000",
                "watch from 18 at 6000 to 7000");

    // csharp#263
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bug03_No_objects_is_synced_with_an_empty_snapshot_at_once_and_Dispose_returns(bool streams)
    {
        var script = new Script
        {
            Responses = streams ? [Watch("5ms Z")] : [List("17", "", after: 5), Watch("^")],
            Options = _noJitter with { StreamingLists = streams },
        };

        Run.Play("1s", script).Saw("5 live");
        var disposed = Run.Play("1s", script with { DisposeAfter = 1 }).Saw("5 live");
        Assert.All(disposed.Http.Requests, r => Assert.Equal(5, r.End));
    }

    // csharp#893, #1507, #1675
    [Fact]
    public void Bug04_A_200_without_a_byte_is_a_clean_close_and_not_an_error()
    {
        Run.Play("5s", List("17", "a"), Watch("^ 1999ms |"), Watch("b")).Saw("0 live a", "2000 live ab");

        // At once: a close too, after which the client waits.
        Assert.Empty(Run.PlayWithLongWaits("5s", List("17", "a"), Watch("(^|)"), Watch("b"))
            .Saw("0 live a", "0 stale a Closed +2000", "2000 live a", "2000 live ab").Errors);
    }

    // kube-rs#219
    [Fact]
    public void Bug09_A_stream_of_bookmarks_resumes_at_the_last_bookmark_and_emits_no_snapshot() =>
        Run.Play("10s", List("17", "a"), Watch("^ 1999ms B 1s |"), Watch("^ 1999ms N 1s |"), Watch("^"))
            .Saw("0 live a")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 3001", "watch from 25 at 3001 to 6002", "watch from 45 at 6002 to 10000");

    // kube-router#712
    [Theory]
    [InlineData("^ 499ms |")]
    [InlineData("^ 998ms |")]
    public void Bug14_A_hundred_closes_within_a_second_are_bounded_by_the_backoff(string close)
    {
        var closes = 0;
        var run = Heard.Play("50m", new Script
        {
            Answer = r => r.Query("watch") is null ? List("17", "a") : closes++ < 100 ? Watch(close) : Watch("^"),
        });
        var watches = run.Http.Requests.Where(r => r.Query("watch") is not null).ToList();
        var gaps = watches.Zip(watches.Skip(1), (one, next) => next.Frame - one.End!.Value).ToList();

        Assert.Equal(101, watches.Count);
        Assert.Equal([800, 1_600, 3_200, 6_400, 12_800, 25_600], gaps.Take(6));
        Assert.All(gaps.Skip(6), gap => Assert.Equal(30_000, gap));
        Assert.InRange(run.Http.Requests.Count(r => r.Frame < 600_000), 1, 30);
        Assert.Equal(100 / 5, run.Http.Requests.Count - watches.Count - 1);
    }

    // kubernetes#100878
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bug15_A_429_with_retryAfterSeconds_7_is_nothing_before_7_s_and_no_list(bool isStatus)
    {
        var throttled = isStatus
            ? ScriptedResponse.Of(SliceJson.Status(429, "TooManyRequests", retryAfter: 7), HttpStatusCode.TooManyRequests)
            : new("(^t|)", new Dictionary<char, string> { ['t'] = SliceJson.Error(429, "TooManyRequests", retryAfter: 7) });

        Run.Play("10s", List("17", "a"), Watch("b 1999ms |"), throttled, Watch("c"))
            .Saw("0 live a", "0 live ab", "2000 stale ab Throttled +7000", "9000 live ab", "9000 live abc")
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 2000", "watch from 18 at 2000 to 2000", "watch from 18 at 9000 to 10000");
    }
}
