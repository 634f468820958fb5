namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>The policy as a table, without Rx and without time: a state and the end of an attempt lead to the next request.</summary>
public class ResumePolicyTests
{
    /// <summary>
    /// A row per end, a column per phase. <c>watch</c>, <c>list</c> and <c>stream</c> (a streaming list) are the next request: at once and
    /// unreported, or reported and after the given number of seconds. <c>≥18</c> is a list not older than version 18; the other lists are
    /// of the most recent state. <c>fail</c> ends the stream.
    /// </summary>
    private const string Table =
        """
        |          | first     | first       | first watch,  | watch,        | watch,        |               | most recent | streamed
        |end       | list      | stream      | not open      | not open      | open 5 min    | relist        | relist      | relist
        |Closed    | list +0.8 | stream +0.8 | watch +0.8    | watch +0.8    | watch         | list ≥18 +0.8 | list +0.8   | stream ≥18 +0.8
        |Silent    | list +0.8 | stream +0.8 | watch +0.8    | watch +0.8    | watch         | list ≥18 +0.8 | list +0.8   | stream ≥18 +0.8
        |Overdue   | list +0.8 | stream +0.8 | watch +0.8    | watch +0.8    | watch         | list ≥18 +0.8 | list +0.8   | stream ≥18 +0.8
        |Broken    | list +0.8 | stream +0.8 | watch +0.8    | watch +0.8    | watch         | list ≥18 +0.8 | list +0.8   | stream ≥18 +0.8
        |Failed    | list +0.8 | stream +0.8 | watch +0.8    | watch +0.8    | watch +0.8    | list ≥18 +0.8 | list +0.8   | stream ≥18 +0.8
        |Throttled | list +0.8 | stream +0.8 | watch +0.8    | watch +0.8    | watch +0.8    | list ≥18 +0.8 | list +0.8   | stream ≥18 +0.8
        |Expired   | list      | stream      | list ≥18      | list ≥18      | list ≥18      | list          | list +0.8   | stream
        |TooLarge  | list      | stream      | list          | list          | list          | list          | list +0.8   | stream
        |WentBack  | list      | stream      | list          | list          | list          | list          | list +0.8   | stream
        |Diverged  | list      | stream      | list          | list          | list          | list          | list +0.8   | stream
        |Protocol  | list +0.8 | stream +0.8 | list ≥18 +0.8 | list ≥18 +0.8 | list ≥18 +0.8 | list +1.6     | list +1.6   | stream +1.6
        |Refused   | fail      | list        | fail          | watch +0.8    | watch +0.8    | list ≥18 +0.8 | list +0.8   | list ≥18
        |Disposed  | fail      | fail        | fail          | fail          | fail          | fail          | fail        | fail
        """;

    private static readonly ResumeState _listed = new()
    {
        Next = RequestKind.Watch,
        Version = "18",
        HasListed = true,
        WatchTried = true,
    };

    private static readonly ResumeState _relisting = _listed with { Next = RequestKind.List, Expiries = 1 };

    /// <summary>The columns: the state before an attempt, and how long the request had been open when it ended.</summary>
    private static readonly (ResumeState State, double? OpenFor)[] _phases =
    [
        (new() { Next = RequestKind.List }, null),
        (new() { Next = RequestKind.StreamingList, StreamsLists = true }, 5),
        (_listed with { WatchTried = false }, null),
        (_listed, null),
        (_listed, 300),
        (_relisting with { NotOlderThan = "18" }, null),
        (_relisting, null),
        (_relisting with { Next = RequestKind.StreamingList, StreamsLists = true, NotOlderThan = "18" }, 5),
    ];

    public static TheoryData<string, string[]> Rows
    {
        get
        {
            var rows = new TheoryData<string, string[]>();
            foreach (var row in Table.Split('\n').Skip(2).Select(l => l.Split('|', StringSplitOptions.TrimEntries)))
            {
                rows.Add(row[1], row[2..]);
            }

            return rows;
        }
    }

    [Fact]
    public void The_table_has_a_row_for_every_end() =>
        Assert.Equal(Enum.GetNames<EndKind>().Order(), Rows.Select(r => (string)r[0]).Order());

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_end_in_a_phase_leads_to_the_next_request(string end, string[] next) =>
        Assert.Equal(next, _phases.Select(p => Text(Decide(p.State, Enum.Parse<EndKind>(end), p.OpenFor))));

    [Fact]
    public void A_watch_that_ends_within_a_second_is_as_one_that_was_not_open() => Assert.All(
        Enum.GetValues<EndKind>(), end => Assert.Equal(Text(Decide(_listed, end)), Text(Decide(_listed, end, openFor: 0.999))));

    [Theory]
    [InlineData(InterruptionKind.Unauthorized)]
    [InlineData(InterruptionKind.Forbidden)]
    [InlineData(InterruptionKind.NotFound)]
    [InlineData(InterruptionKind.Untrusted)]
    [InlineData(InterruptionKind.Configuration)]
    internal void A_first_streaming_list_that_is_refused_for_a_cause_that_a_list_has_too_ends_the_stream(InterruptionKind cause) =>
        Assert.True(Decide(_phases[1].State, EndKind.Refused, cause: cause).Fails);

    [Fact]
    public void The_first_answer_to_a_watch_is_the_last_that_can_end_the_stream()
    {
        var state = Decide(_listed with { WatchTried = false }, EndKind.Failed).State;

        Assert.Equal("watch +1.6", Text(Decide(state, EndKind.Refused)));
    }

    [Fact]
    public void Waits_double_with_failures_in_a_row_up_to_30_s()
    {
        var (state, waits) = (_listed, new List<double>());
        for (var i = 0; i < 8; i++)
        {
            var next = Decide(state, EndKind.Broken);
            waits.Add(next.Wait.TotalSeconds);
            state = next.State;
        }

        Assert.Equal([0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30], waits);
    }

    [Fact]
    public void A_watch_that_was_open_for_a_second_starts_the_waits_over()
    {
        var failed = _listed with { Failures = 5 };

        Assert.Equal(0, Decide(failed, EndKind.Broken, openFor: 1).State.Failures);
        Assert.Equal(6, Decide(failed, EndKind.Broken, openFor: 0.999).State.Failures);
    }

    [Fact]
    public void Two_minutes_without_a_failure_start_the_waits_over()
    {
        var failed = _listed with { Failures = 5, FailureOver = TimeSpan.FromSeconds(880) };

        Assert.Equal("watch +0.8", Text(Decide(failed, EndKind.Broken, at: 1000)));
        Assert.Equal("watch +25.6", Text(Decide(failed, EndKind.Broken, at: 999.9)));
    }

    [Fact]
    public void A_watch_that_sent_something_and_ended_at_once_is_resumed_at_once_but_not_twice_in_a_row()
    {
        var first = Decide(_listed, EndKind.Closed, openFor: 0.1, heard: true);
        Assert.Equal("watch", Text(first));

        var second = Decide(first.State, EndKind.Closed, openFor: 0.1, heard: true);
        Assert.Equal("watch +0.8", Text(second));

        var unanswered = Decide(second.State, EndKind.Broken);
        Assert.Equal("watch +3.2", Text(Decide(unanswered.State, EndKind.Closed, openFor: 0.1, heard: true)));
    }

    [Fact]
    public void A_watch_that_arrives_as_a_whole_after_a_while_is_resumed_at_once_each_time() => Assert.Equal(
        "watch", Text(Decide(_listed with { WasInstant = true }, EndKind.Closed, openFor: 0, heard: true, life: 300)));

    [Theory]
    [InlineData(5, 0.5, 50)]
    [InlineData(60, 0.5, 600)]
    [InlineData(150, 0.999, 2_997)]
    [InlineData(600, 0.5, 1_500)]
    [InlineData(86_400, 0.999, 2_997)]
    public void The_jitter_of_a_resume_is_up_to_2_percent_of_the_life_and_at_most_3_s(double life, double random, double expected) =>
        Assert.Equal(expected, Decide(_listed, EndKind.Broken, openFor: life, random: random).Wait.TotalMilliseconds, precision: 3);

    [Theory]
    [InlineData(EndKind.Closed, true, 0)]
    [InlineData(EndKind.Closed, false, 1_500)]
    [InlineData(EndKind.Broken, false, 1_500)]
    [InlineData(EndKind.Broken, true, 1_500)]
    [InlineData(EndKind.Silent, false, 0)]
    [InlineData(EndKind.Overdue, true, 0)]
    internal void What_ends_at_a_random_time_by_itself_is_resumed_without_a_jitter(EndKind kind, bool isDue, double expected) =>
        Assert.Equal(expected, Decide(_listed, kind, openFor: 300, random: 0.5, isDue: isDue).Wait.TotalMilliseconds);

    [Theory]
    [InlineData(EndKind.Expired)]
    [InlineData(EndKind.WentBack)]
    [InlineData(EndKind.Diverged)]
    internal void Relists_are_spread_over_a_second_and_a_half(EndKind kind) =>
        Assert.Equal(750, Decide(_listed, kind, openFor: 60, random: 0.5).Wait.TotalMilliseconds);

    [Fact]
    public void Requests_after_Retry_After_are_spread_over_a_second_and_a_half() =>
        Assert.Equal(7_750, Decide(_listed, EndKind.Throttled, retryAfter: 7, random: 0.5).Wait.TotalMilliseconds);

    [Theory]
    [InlineData(599, null, 599)]
    [InlineData(600, null, 600)]
    [InlineData(601, null, 600)]
    [InlineData(86_400, null, 600)]
    [InlineData(2, 3, 2)]
    [InlineData(3, 3, 3)]
    [InlineData(4, 3, 3)]
    [InlineData(86_399, 86_400, 86_399)]
    [InlineData(86_400, 86_400, 86_400)]
    [InlineData(86_401, 86_400, 86_400)]
    public void A_long_Retry_After_is_cut_to_ten_minutes_or_to_the_option(int asked, int? option, int wait)
    {
        var options = option is { } most ? new ResumeOptions { MaxRetryAfter = TimeSpan.FromSeconds(most) } : null;
        Assert.Equal(wait, Decide(_listed, EndKind.Throttled, retryAfter: asked, options: options).Wait.TotalSeconds);
    }

    [Fact]
    public void The_second_step_of_a_relist_neither_waits_nor_counts_as_a_second_expiry()
    {
        var relist = Decide(_listed, EndKind.Expired, openFor: 60, random: 0.5).State;
        var second = Decide(relist, EndKind.TooLarge, random: 0.5);

        Assert.Equal((TimeSpan.Zero, 1), (second.Wait, second.State.Expiries));
        Assert.Equal("list", Text(second));
    }

    [Fact]
    public void Expiries_in_a_row_back_off()
    {
        var (state, next) = (_listed, new List<string>());
        for (var i = 0; i < 4; i++)
        {
            var decision = Decide(state, EndKind.Expired, openFor: 1.1, heard: true);
            next.Add(Text(decision));
            state = decision.State with { Next = RequestKind.Watch, NotOlderThan = null };
        }

        Assert.Equal(["list ≥18", "list ≥18 +0.8", "list ≥18 +1.6", "list ≥18 +3.2"], next);
    }

    [Theory]
    [InlineData(true, 10, "list ≥18")]
    [InlineData(true, 9.9, "list ≥18 +3.2")]
    [InlineData(false, 60, "list ≥18 +3.2")]
    public void A_watch_that_moved_and_lived_ten_seconds_makes_the_next_expiry_the_first_one(bool moved, double life, string next) =>
        Assert.Equal(next, Text(Decide(_listed with { Expiries = 3 }, EndKind.Expired, openFor: life, moved: moved)));

    [Fact]
    public void An_expiry_two_minutes_after_the_last_one_is_the_first_one()
    {
        var relist = Decide(_listed, EndKind.Expired, openFor: 60, at: 1000).State;
        var watching = relist with { Next = RequestKind.Watch, NotOlderThan = null };

        Assert.Equal("list ≥18", Text(Decide(watching, EndKind.Expired, openFor: 120, at: 1120)));
        Assert.Equal("list ≥18 +0.8", Text(Decide(watching, EndKind.Expired, openFor: 119, at: 1119)));
    }

    [Fact]
    public void Errors_in_the_stream_back_off_although_each_watch_lived()
    {
        var (state, next) = (_listed, new List<string>());
        for (var i = 0; i < 4; i++)
        {
            var decision = Decide(state, EndKind.Protocol, openFor: 1.1);
            next.Add(Text(decision));
            state = decision.State with { Next = RequestKind.Watch, NotOlderThan = null };
        }

        Assert.Equal(["list ≥18 +0.8", "list ≥18 +1.6", "list ≥18 +3.2", "list ≥18 +6.4"], next);
    }

    [Theory]
    [InlineData(EndKind.Failed, null)]
    [InlineData(EndKind.Closed, 0.1)]
    [InlineData(EndKind.Broken, 0.1)]
    internal void Five_watches_from_one_version_that_the_server_fails_lead_to_a_list(EndKind kind, double? openFor)
    {
        var (state, next) = (_listed, new List<string>());
        for (var i = 0; i < 5; i++)
        {
            var decision = Decide(state, kind, openFor);
            next.Add(Text(decision));
            state = decision.State;
        }

        Assert.Equal(["watch +0.8", "watch +1.6", "watch +3.2", "watch +6.4", "list ≥18 +12.8"], next);
    }

    [Fact]
    public void Failures_from_a_version_are_counted_anew_after_a_list()
    {
        var failed = Decide(_listed, EndKind.Failed).State;

        Assert.Equal((1, 0), (failed.FailuresAtVersion, failed.After("30", isStreamed: false).FailuresAtVersion));
    }

    [Fact]
    public void An_unreachable_server_is_never_a_reason_to_list()
    {
        var state = _listed;
        for (var i = 0; i < 20; i++)
        {
            state = Decide(state, EndKind.Broken).State;
            Assert.Equal(RequestKind.Watch, state.Next);
        }
    }

    [Theory]
    [InlineData(EndKind.Throttled)]
    [InlineData(EndKind.Refused)]
    internal void Throttling_and_refusals_are_never_a_reason_to_list(EndKind kind)
    {
        var state = _listed;
        for (var i = 0; i < 20; i++)
        {
            state = Decide(state, kind).State;
            Assert.Equal((RequestKind.Watch, 0), (state.Next, state.FailuresAtVersion));
        }
    }

    [Fact]
    public void A_list_instead_of_a_refused_streaming_list_waits_as_long_as_the_server_asks() =>
        Assert.Equal("list +7.0", Text(Decide(_phases[1].State, EndKind.Refused, retryAfter: 7)));

    [Fact]
    public void A_streaming_list_that_fails_three_times_in_a_row_is_replaced_by_lists()
    {
        var (state, next) = (_phases[1].State, new List<string>());
        for (var i = 0; i < 4; i++)
        {
            var decision = Decide(state, EndKind.Broken, openFor: 5);
            next.Add(Text(decision));
            state = decision.State;
        }

        Assert.Equal(["stream +0.8", "stream +1.6", "list +3.2", "list +6.4"], next);
    }

    [Fact]
    public void A_streaming_list_that_was_refused_is_not_tried_again()
    {
        var refused = Decide(_phases[1].State, EndKind.Refused).State;
        var watching = refused with { Next = RequestKind.Watch, Version = "18", HasListed = true, WatchTried = true };

        Assert.Equal("list ≥18", Text(Decide(watching, EndKind.Expired, openFor: 60)));
    }

    private static Decision Decide(
        ResumeState state, EndKind kind, double? openFor = null, bool heard = false, bool moved = false, double at = 1000,
        double? retryAfter = null, double random = 0, InterruptionKind cause = InterruptionKind.Protocol,
        double? life = null, bool isDue = false, ResumeOptions? options = null)
    {
        var end = new AttemptEnd(kind, cause, $"{kind}")
        {
            RetryAfter = retryAfter is { } asked ? TimeSpan.FromSeconds(asked) : null,
        };
        var open = openFor is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        var lived = life is { } request ? TimeSpan.FromSeconds(request) : open ?? TimeSpan.Zero;
        var attempt = new Attempt(state.Next, end, TimeSpan.FromSeconds(at), lived, open, heard, moved, isDue);
        return new ResumePolicy(options ?? ResumeOptions.Default, ResumeRules.Default).Decide(state, attempt, random);
    }

    private static string Text(Decision decision)
    {
        if (decision.Fails)
        {
            return "fail";
        }

        var request = decision.State.Next switch
        {
            RequestKind.Watch => "watch",
            RequestKind.List => "list",
            _ => "stream",
        };
        var version = decision.State is { NotOlderThan: { } least, Next: not RequestKind.Watch } ? $" ≥{least}" : "";
        var wait = decision.Wait > TimeSpan.Zero ? FormattableString.Invariant($" +{decision.Wait.TotalSeconds:0.0}") : "";
        return request + version + wait;
    }
}
