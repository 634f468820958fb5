using Rx.Kube.Testing;
using static Rx.Kube.Tests.Watching.ResumeRun;

namespace Rx.Kube.Tests.Watching;

/// <summary>The resumed stream in virtual time, without jitter unless a test says otherwise.</summary>
public class ResumeTests
{
    private static readonly ResumeOptions RefusalsWait = NoJitter with
    {
        RefusalBackoff = new() { Initial = TimeSpan.FromSeconds(10), Max = TimeSpan.FromMinutes(2) },
    };

    [Fact]
    public void The_watch_starts_at_the_version_of_the_list_and_not_of_an_item()
    {
        var run = Play(["--(l|)"], ["a-b"], until: 100);

        run.Saw("2 Listed 17", "2 Added a@18", "4 Added b@19");
        run.Server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 2 ms");
    }

    [Fact]
    public void Three_clean_closes_are_four_connections_and_no_event_for_the_subscriber()
    {
        var run = Play(["(l|)"], ["a 2s |", "2s |", "b 2s |", ""], until: 60_000);

        run.Saw("0 Listed 17", "0 Added a@18", "4001 Added b@19");
        run.Server.ToHaveBeenAsked(
            "list at 0 ms", "watch from 17 at 0 ms", "watch from 18 at 2001 ms", "watch from 18 at 4001 ms", "watch from 19 at 6002 ms");
    }

    [Fact]
    public void An_empty_collection_is_listed_at_once() =>
        Play(["(e|)"], [""], until: 1000).Saw("0 Listed 3");

    [Theory]
    [InlineData("#gone")]
    [InlineData("^#gone")]
    public void Gone_in_both_forms_is_one_quiet_list_at_once_not_older_than_the_last_version(string gone)
    {
        var run = Play(["(l|)", "(m|)"], ["a 2s |", gone, "c"], until: 60_000);

        var at = gone[0] == '#' ? 2001 : 2002;
        run.Saw("0 Listed 17", "0 Added a@18", $"{at} Listed 30", $"{at} Added c@31");
        run.Server.ToHaveBeenAsked(
            "list at 0 ms", "watch from 17 at 0 ms", "watch from 18 at 2001 ms",
            $"list not older than 18 at {at} ms", $"watch from 30 at {at} ms");
    }

    [Fact]
    public void Gone_again_after_the_list_backs_off_and_does_not_request_the_old_version_again()
    {
        var run = Play(["(l|)", "(m|)", "(m|)", "(m|)"], ["#gone", "#gone", "#gone", "c"], until: 60_000);

        run.Saw(
            "0 Listed 17", "0 Listed 30", "800 Listed 30", "800 Interrupted Expired +1600", "2400 Listed 30", "2400 Added c@31");
        run.Server.ToHaveBeenAsked(
            "list at 0 ms", "watch from 17 at 0 ms", "list not older than 17 at 0 ms", "watch from 30 at 0 ms",
            "list not older than 30 at 800 ms", "watch from 30 at 800 ms", "list not older than 30 at 2400 ms",
            "watch from 30 at 2400 ms");
    }

    [Theory]
    [InlineData("#toolarge")]
    [InlineData("#gone")]
    public void A_list_that_cannot_reach_the_version_is_followed_by_the_most_recent(string error)
    {
        var run = Play(["(l|)", error, "(m|)"], ["a 2s |", "#gone", ""], until: 60_000);

        run.Server.ToHaveBeenAsked(
            "list at 0 ms", "watch from 17 at 0 ms", "watch from 18 at 2001 ms",
            "list not older than 18 at 2001 ms", "list at 2001 ms", "watch from 30 at 2001 ms");
        Assert.Equal("2001 Listed 30", run.Log[^1]);
    }

    [Fact]
    public void A_watch_that_lived_and_breaks_is_resumed_at_once_from_the_last_version_and_nothing_is_reported()
    {
        var run = Play(["(l|)"], ["a 1s #", "--^-b"], until: 60_000);

        run.Saw("0 Listed 17", "0 Added a@18", "1005 Added b@19");
        run.Server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 0 ms", "watch from 18 at 1001 ms");
    }

    [Fact]
    public void A_watch_that_breaks_as_soon_as_it_is_open_is_resumed_after_the_backoff_and_nothing_is_reported()
    {
        var run = Play(["(l|)"], ["^-#", "--^-b"], until: 60_000);

        run.Saw("0 Listed 17", "806 Added b@19");
        run.Server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 0 ms", "watch from 17 at 802 ms");
    }

    [Fact]
    public void A_second_failure_is_reported_at_once_because_the_next_attempt_is_later_than_a_second_after_the_first()
    {
        var run = Play(["(l|)"], ["^-#", "--^-#", "--^-b"], until: 60_000);

        run.Saw("0 Listed 17", "806 Interrupted Unreachable +1600", "2410 Resumed", "2410 Added b@19");
        run.Server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 0 ms", "watch from 17 at 802 ms", "watch from 17 at 2406 ms");
    }

    [Theory]
    [InlineData("199ms (l|)", "999 Listed 17")]
    [InlineData("299ms (l|)", "1000 Interrupted Unreachable +800", "1099 Listed 17")]
    public void A_first_list_that_fails_is_reported_if_the_next_one_is_not_complete_a_second_later(string next, params string[] log) =>
        Play(["#", next], [""], until: 60_000).Saw(log);

    [Theory]
    [InlineData("unauthorized", "Unauthorized")]
    [InlineData("forbidden", "Forbidden")]
    [InlineData("notfound", "NotFound")]
    [InlineData("untrusted", "Untrusted")]
    [InlineData("config", "Configuration")]
    public void A_refusal_is_reported_at_once_because_waiting_does_not_fix_it(string error, string kind) =>
        Play(["(l|)"], ["^ 1999ms |", "#" + error, "a"], until: 60_000)
            .Saw("0 Listed 17", $"2000 Interrupted {kind} +800", "2800 Resumed", "2800 Added a@18");

    [Theory]
    [InlineData("unauthorized", "Unauthorized")]
    [InlineData("forbidden", "Forbidden")]
    [InlineData("notfound", "NotFound")]
    [InlineData("untrusted", "Untrusted")]
    [InlineData("config", "Configuration")]
    public void With_a_backoff_for_refusals_those_of_the_first_list_are_waited_out(string error, string kind) =>
        Play(["#" + error, "#" + error, "#" + error, "(l|)"], [""], until: 120_000, options: RefusalsWait)
            .Saw(
                $"0 Interrupted {kind} +10000", $"10000 Interrupted {kind} +20000", $"30000 Interrupted {kind} +40000", "70000 Listed 17");

    [Fact]
    public void With_a_backoff_for_refusals_those_of_the_first_watch_are_waited_out_and_other_failures_have_their_own_waits() =>
        Play(["(l|)"], ["#forbidden", "#forbidden", "#", "^ 5s a"], until: 120_000, options: RefusalsWait)
            .Saw(
                "0 Listed 17", "0 Interrupted Forbidden +10000", "10000 Interrupted Forbidden +20000",
                "30000 Interrupted Unreachable +3200", "34200 Resumed", "38201 Added a@18");

    [Fact]
    public void A_gap_that_outlasts_a_second_is_reported_a_second_after_the_loss()
    {
        var run = Play(["(l|)"], ["a 1s #", "1500ms ^ 499ms b"], until: 60_000);

        run.Saw("0 Listed 17", "0 Added a@18", "2001 Interrupted Unreachable +0", "3001 Resumed", "3001 Added b@19");
    }

    [Fact]
    public void A_gap_of_less_than_a_second_is_not_reported() =>
        Play(["(l|)"], ["a 1s #", "999ms ^ 10s b"], until: 60_000).Saw("0 Listed 17", "0 Added a@18", "12001 Added b@19");

    [Fact]
    public void A_watch_that_opens_and_reports_gone_is_never_resumed()
    {
        var run = Play(["(l|)", "(m|)"], ["^ 8ms #", "^ 8ms #", "^ 5ms #gone", ""], until: 60_000);

        run.Saw("0 Listed 17", "818 Interrupted Unreachable +1600", "2424 Interrupted Expired +0", "2424 Listed 30");
    }

    [Fact]
    public void A_watch_that_stays_open_is_resumed_after_a_second_without_events()
    {
        var run = Play(["(l|)"], ["^ 8ms #", "^ 998ms #", "^ 998ms #", "^ 1s a"], until: 60_000);

        run.Saw(
            "0 Listed 17", "1808 Interrupted Unreachable +1600", "4407 Interrupted Unreachable +3200", "8607 Resumed", "8608 Added a@18");
        Assert.Single(run.Events.OfType<WatchEvent<string>.Interrupted>().Select(e => e.Interruption.Since).Distinct());
    }

    [Fact]
    public void While_attempts_fail_the_wait_doubles_up_to_30_s_and_the_interruption_keeps_its_start()
    {
        var run = Play(["(l|)"], ["^ 999ms #", .. Enumerable.Repeat("#", 10), ""], until: 400_000);

        run.Saw(
            "0 Listed 17", "1800 Interrupted Unreachable +1600", "3400 Interrupted Unreachable +3200",
            "6600 Interrupted Unreachable +6400", "13000 Interrupted Unreachable +12800", "25800 Interrupted Unreachable +25600",
            "51400 Interrupted Unreachable +30000", "81400 Interrupted Unreachable +30000", "111400 Interrupted Unreachable +30000",
            "141400 Interrupted Unreachable +30000", "172400 Resumed");
        Assert.Single(run.Events.OfType<WatchEvent<string>.Interrupted>().Select(e => e.Interruption.Since).Distinct());
    }

    [Fact]
    public void Waits_start_over_after_a_watch_that_lived_and_two_minutes_after_the_last_failure()
    {
        var run = Play(["(l|)"], ["#", "#", "^ 1s #", "#", "119s #", "2m #", ""], until: 400_000, options: LongWaits);

        Assert.Equal(
            ["+2000", "+4000", "+2000", "+4000", "+2000"],
            run.Log.Where(l => l.Contains("Unreachable", StringComparison.Ordinal)).Select(l => l.Split(' ')[^1]));
    }

    [Fact]
    public void After_hours_of_short_watches_one_refusal_waits_as_after_the_first_failure()
    {
        var run = Play(
            ["(l|)"], ["#", "#", "#", .. Enumerable.Repeat("^ 5m |", 24), "#unavailable", ""], until: 7_300_000, options: LongWaits);

        Assert.EndsWith("Interrupted ServerError +2000", run.Log[^2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_bookmark_moves_the_resume_point()
    {
        var run = Play(["(l|)"], ["2s B 2s |", ""], until: 60_000);

        run.Saw("0 Listed 17", "2000 Bookmark 25");
        Assert.Equal("watch from 25 at 4001 ms", run.Server.Requests[^1].ToString());
    }

    [Fact]
    public void An_event_older_than_the_version_reached_is_dropped_and_leads_to_the_most_recent_list()
    {
        var run = Play(["(l|)", "(m|)"], ["BO", "c"], until: 60_000);

        run.Saw("0 Listed 17", "0 Bookmark 25", "1 Listed 30", "1 Added c@31");
        run.Server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 0 ms", "list at 1 ms", "watch from 30 at 1 ms");
    }

    [Fact]
    public void An_event_at_the_version_reached_is_dropped_and_nothing_else_happens()
    {
        var run = Play(["(l|)"], ["a-a-b 2s |", ""], until: 60_000);

        run.Saw("0 Listed 17", "0 Added a@18", "4 Added b@19");
        Assert.Equal("watch from 19 at 2005 ms", run.Server.Requests[^1].ToString());
    }

    [Fact]
    public void After_a_bookmark_silence_is_one_reconnect_and_no_event_if_the_server_answers()
    {
        var run = Play(["(l|)"], ["a-B", "--^"], until: 300_000);

        run.Saw("0 Listed 17", "0 Added a@18", "2 Bookmark 25");
        Assert.Equal("watch from 25 at 150002 ms", run.Server.Requests[^1].ToString());
    }

    [Fact]
    public void After_a_bookmark_the_silence_of_a_dead_server_is_reported()
    {
        var run = Play(["(l|)"], ["a-B", "30s #unreachable", ""], until: 300_000);

        run.Saw(
            "0 Listed 17", "0 Added a@18", "2 Bookmark 25", "151002 Interrupted Silent +0",
            "180002 Interrupted Unreachable +800", "181802 Resumed");
    }

    [Fact]
    public void A_watch_that_dies_before_its_first_bookmark_is_detected_if_an_earlier_watch_had_one()
    {
        var run = Play(["(l|)"], ["B 2s |", "--^", ""], until: 200_000);

        run.Server.ToHaveBeenAsked(
            "list at 0 ms", "watch from 17 at 0 ms", "watch from 25 at 2001 ms", "watch from 25 at 152003 ms");
    }

    [Fact]
    public void Without_a_bookmark_silence_is_no_failure_until_the_clients_own_limit()
    {
        var run = Play(["(l|)"], ["a", ""], until: 400_000);

        run.Saw("0 Listed 17", "0 Added a@18");
        run.Server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 0 ms", "watch from 18 at 330000 ms");
        Assert.Equal(TimeSpan.FromMinutes(5), run.Server.Requests[1].Watch!.Timeout);
    }

    [Fact]
    public void Instant_closes_are_limited_by_the_backoff()
    {
        var run = Play([.. Enumerable.Repeat("(l|)", 20)], [.. Enumerable.Repeat("10ms |", 200)], until: 600_000);

        Assert.InRange(run.Server.Requests.Count, 20, 30);
        Assert.All(run.Log.Where(l => !l.EndsWith("Listed 17", StringComparison.Ordinal)), l => Assert.Contains(
            "Interrupted Closed", l, StringComparison.Ordinal));
    }

    [Fact]
    public void A_watch_without_an_answer_is_reported_after_30_s_and_ends_at_the_clients_own_limit()
    {
        var run = Play(["(l|)"], ["9m #", ""], until: 400_000);

        run.Saw("0 Listed 17", "30000 Interrupted Silent +0", "330000 Interrupted Silent +800", "331800 Resumed");
    }

    [Fact]
    public void A_retry_after_delays_the_watch_and_causes_no_list()
    {
        var errors = MarbleErrors.Kubernetes;
        errors["later"] = new KubeStatusException(
            "slow down", new KubeStatus(429, "TooManyRequests", "slow down", []), TimeSpan.FromSeconds(7));
        var run = Play(["(l|)"], ["2s #", "#later", "a"], until: 60_000, errors: errors);

        run.Saw("0 Listed 17", "2800 Interrupted Throttled +7000", "9800 Resumed", "9800 Added a@18");
        Assert.Single(run.Server.Requests, r => r.List is not null);
    }

    [Fact]
    public void A_violation_of_the_protocol_leads_to_a_list_after_the_backoff()
    {
        var run = Play(["(l|)", "(m|)"], ["a-#protocol", ""], until: 60_000, options: LongWaits);

        run.Saw("0 Listed 17", "0 Added a@18", "2 Interrupted Protocol +2000", "2002 Listed 30");
        Assert.Equal("list not older than 18 at 2002 ms", run.Server.Requests[2].ToString());
    }

    [Fact]
    public void A_skipped_object_is_passed_on_and_moves_the_resume_point()
    {
        var run = Play(["(l|)"], ["S 2s |", ""], until: 60_000);

        run.Saw("0 Listed 17", "0 Skipped 22");
        Assert.Equal("watch from 22 at 2001 ms", run.Server.Requests[^1].ToString());
    }

    [Theory]
    [InlineData("unauthorized")]
    [InlineData("forbidden")]
    [InlineData("notfound")]
    [InlineData("untrusted")]
    [InlineData("config")]
    public void An_error_that_retrying_cannot_fix_fails_the_stream_only_at_the_first_list_and_the_first_watch(string error)
    {
        Play(["#" + error], [], until: 1000).Saw("0 Error");
        Play(["(l|)"], ["#" + error], until: 1000).Saw("0 Listed 17", "0 Error");

        var later = Play(["(l|)"], ["^ 999ms #", "#" + error, ""], until: 60_000);
        Assert.Equal("2800 Resumed", later.Log[^1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("unavailable")]
    [InlineData("internal")]
    [InlineData("throttled")]
    [InlineData("unreachable")]
    [InlineData("protocol")]
    public void An_error_that_retrying_can_fix_is_retried_from_the_start(string error) =>
        Assert.Equal("2400 Listed 17", Play([$"#{error}", $"#{error}", "(l|)"], [""], until: 60_000).Log[^1]);

    [Fact]
    public void A_thousand_clients_do_not_reconnect_together()
    {
        var random = new Random(20261121);
        var tenths = Enumerable.Range(0, 1000)
            .Select(_ => Play(["(l|)"], ["^ 5s #", "#", "#", "#", ""], until: 60_000, random: RandomSource.Seeded(random.Next()))
                .Server.Requests[^1].Frame / 100)
            .GroupBy(t => t).ToList();

        Assert.InRange(tenths.Max(g => g.Count()), 1, 60);
    }

    [Fact]
    public void Lifetimes_of_watches_are_spread_between_one_and_two_timeouts()
    {
        var random = new Random(20261121);
        var lives = Enumerable.Range(0, 1000)
            .Select(_ => Play(["(l|)"], [""], until: 10, random: RandomSource.Seeded(random.Next()))
                .Server.Requests[^1].Watch!.Timeout!.Value)
            .ToList();

        Assert.All(lives, l => Assert.InRange(l, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10)));
        Assert.True(lives.Distinct().Count() > 250, "lives repeat");
    }

    [Fact]
    public void The_waits_after_refusals_are_checked() => Assert.Throws<ArgumentException>(
        () => new ResumeOptions { RefusalBackoff = new() { Initial = TimeSpan.FromMinutes(2), Max = TimeSpan.FromMinutes(1) } });

    [Fact]
    public void Every_subscription_has_its_own_requests_and_nothing_is_sent_before_it()
    {
        var clock = new VirtualClock();
        var server = Script(clock, ["(l|)", "(m|)"], ["a", ""]);
        var stream = server.Resume(NoJitter, clock);
        Assert.Empty(server.Requests);

        var first = stream.Subscribe(_ => { });
        clock.AdvanceTo(TimeSpan.FromSeconds(1));
        first.Dispose();
        stream.Subscribe(_ => { });
        clock.AdvanceTo(TimeSpan.FromSeconds(2));

        server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 0 ms", "list at 1000 ms", "watch from 30 at 1000 ms");
        Assert.Equal(1000, server.Requests[1].End);
    }

    [Theory]
    [InlineData("Listed")]
    [InlineData("Added")]
    [InlineData("Interrupted")]
    [InlineData("Resumed")]
    public void After_disposal_inside_OnNext_nothing_more_is_emitted_or_requested(string at)
    {
        var run = Play(["(l|)"], ["^-#", "b", "c"], until: 60_000, disposeAt: at, options: LongWaits);

        Assert.Contains(at, run.Log[^1], StringComparison.Ordinal);
        Assert.All(run.Server.Requests, r => Assert.NotNull(r.End));
        Assert.InRange(run.Server.Requests.Max(r => r.Frame), 0, 2002);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        string Trace() => string.Join(
            '\n', Play(["(l|)"], [.. Enumerable.Repeat("^ 1s #", 50)], until: 600_000, random: RandomSource.Seeded(7)).Log);

        Assert.Equal(Trace(), Trace());
    }

    [Fact]
    public void Arguments_are_checked() => Assert.Throws<ArgumentNullException>(() => ((IWatchable<string>)null!).Resume());
}
