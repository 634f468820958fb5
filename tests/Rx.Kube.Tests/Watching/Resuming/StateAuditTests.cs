using System.Globalization;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using Rx.Kube.Tests.EndToEnd;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>
/// A list beside the open watch finds what no event told. Without jitter, the first audit is 15 minutes after the list. Each slice has one
/// pod of the same name.
/// </summary>
public class StateAuditTests
{
    private const int First = 900_000;

    private static readonly ResumeOptions _options = ResumeOptions.WithoutJitter with
    {
        StreamingLists = false,
        WatchTimeout = TimeSpan.FromDays(1),
    };

    // The slice b with another pod.
    private static readonly EndpointSlice _changed = Slice.Of("b", service: "cache", 22, port: 80).With("z", "10.0.0.99");

    private static readonly Dictionary<char, string> _lines = new(Lines)
    {
        ['z'] = SliceJson.Modified(_changed),
        ['c'] = SliceJson.Added(Pod("c", 23)),
    };

    [Fact]
    public void A_lost_MODIFIED_is_repaired_while_other_objects_move() =>
        Play(
                "16m", List("17", "ab"), Events("60s c"), Now("30", _changed, Pod("a", 10), Pod("c", 23)),
                Now("31", _changed, Pod("a", 10), Pod("c", 23)), Watch(""))
            .Saw("0 live ab", "60000 live abc", "910000 live acz")
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 910000", "list at 900000 to 900000", "list at 910000 to 910000",
                "watch from 31 at 910000 to 960000");

    [Fact]
    public void A_lost_DELETED_is_repaired_while_other_objects_move() =>
        Play(
                "16m", List("17", "ab"), Events("60s c"), Now("30", Pod("a", 10), Pod("c", 23)), Now("30", Pod("a", 10), Pod("c", 23)),
                Watch(""))
            .Saw("0 live ab", "60000 live abc", "910000 live ac");

    [Fact]
    public void A_lost_ADDED_is_repaired() =>
        Play("16m", List("17", "a"), Watch(""), Now("30", Pod("a", 10), Pod("b", 18)), Now("30", Pod("a", 10), Pod("b", 18)), Watch(""))
            .Saw("0 live a", "910000 live ab");

    [Fact]
    public void An_object_that_was_deleted_and_created_again_at_no_event_is_found_by_its_uid()
    {
        var again = Pod("a", 10) with { Metadata = Pod("a", 10).Metadata with { Uid = "another" } };

        Play("16m", List("17", "a"), Watch(""), Now("30", again), Now("30", again), Watch(""))
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 910000", "list at 900000 to 900000", "list at 910000 to 910000",
                "watch from 30 at 910000 to 960000");
    }

    [Fact]
    public void A_restored_server_whose_watch_stays_silent_is_found_at_once() =>
        Play("16m", List("17", "ab"), Watch(""), Now("12", Pod("a", 10)), Now("12", Pod("a", 10)), Watch(""))
            .Saw("0 live ab", "900000 live a")
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 900000", "list at 900000 to 900000", "list at 900000 to 900000",
                "watch from 12 at 900000 to 960000");

    [Fact]
    public void A_difference_that_an_event_explains_within_ten_seconds_is_none() =>
        Play("16m", List("17", "ab"), Events($"{First + 9_990}ms z"), Now("30", Pod("a", 10), _changed))
            .Saw("0 live ab", $"{First + 9_990} live az")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 960000", "list at 900000 to 900000");

    [Fact]
    public void An_event_that_arrives_before_the_list_of_the_audit_is_no_difference() =>
        Play("16m", List("17", "ab"), Events($"{First + 20}ms z"), Now("30", after: 50, Pod("a", 10), Pod("b", 10)))
            .Saw("0 live ab", $"{First + 20} live az")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 960000", "list at 900000 to 900050");

    [Fact]
    public void Equal_states_lead_to_one_list_per_audit_and_to_nothing_else() =>
        Play("31m", List("17", "ab"), Events("60s c"), Now("30", "abc"), Now("40", "abc"))
            .Saw("0 live ab", "60000 live abc")
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 1860000", "list at 900000 to 900000", "list at 1800000 to 1800000");

    [Fact]
    public void An_audit_is_due_however_short_the_watches_are() =>
        Play("16m", _options with { WatchTimeout = TimeSpan.FromMinutes(5) }, [
                List("17", "a"), Events("30s b 270s |"), Events("30s c 270s |"), Events("30s m 270s |"),
                Now("33", Pod("a", 10), Pod("b", 18), Pod("c", 23), Pod("m", 31)), Watch(""),
            ])
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 300001", "watch from 18 at 300001 to 600002", "watch from 23 at 600002 to 900003",
                "list at 900000 to 900000", "watch from 31 at 900003 to 960000");

    [Fact]
    public void A_short_interval_stays_short_behind_a_path_that_opens_watches_late() =>
        Play("5s", _options with { AuditInterval = TimeSpan.FromSeconds(4) }, [
                List("17", "ab"), Watch("^ 1499ms |"), Watch("1500ms ^"), Now("30", "ab"),
            ])
            .Asked("list at 0 to 0", "watch from 17 at 0 to 1500", "watch from 17 at 1500 to 5000", "list at 4000 to 4000");

    [Theory]
    [InlineData(500)]
    [InlineData(403)]
    [InlineData(410)]
    [InlineData(429)]
    public void A_list_of_an_audit_that_fails_changes_nothing_and_the_next_audit_comes_at_its_time(int status) =>
        Play("31m", List("17", "ab"), Watch(""), Status(status, ""), Now("30", "ab"))
            .Saw("0 live ab")
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 1860000", "list at 900000 to 900000", "list at 1800000 to 1800000");

    [Theory]
    [InlineData("50ms #reset", 900_050)]
    [InlineData("50ms ^ 4ms #", 900_055)]
    [InlineData("70ms #reset", 900_060)]
    public void A_list_that_is_cut_with_its_watch_is_sent_again_a_second_after_the_next_watch_is_open(string list, int end) =>
        Play("16m", List("17", "ab"), Watch("^ 900059ms #"), Watch(list), Watch("^"), Now("30", "ab"))
            .Saw("0 live ab")
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 900060", $"list at 900000 to {end}", "watch from 17 at 900060 to 960000",
                "list at 901060 to 901060");

    [Theory]
    [InlineData(4_999, 1)]
    [InlineData(5_000, 1)]
    [InlineData(5_001, 0)]
    public void Above_5000_objects_there_is_no_periodic_audit(int objects, int audits)
    {
        var run = Play("20m", ManySlices(objects), Watch(""), ManySlices(objects));

        Assert.Equal(1 + audits, run.Requests.Count(r => r.StartsWith("list", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0, 1, 0)]
    [InlineData(3, 2, 1)]
    [InlineData(3, 3, 1)]
    [InlineData(3, 4, 0)]
    [InlineData(6_000, 5_999, 1)]
    [InlineData(6_000, 6_000, 1)]
    [InlineData(6_000, 6_001, 0)]
    [InlineData(1_000_000, 5_001, 1)]
    public void The_objects_of_a_stream_that_is_audited_periodically_are_limited_by_the_option(int limit, int objects, int audits)
    {
        var run = Play(
            "20m", _options with { MaxAuditedObjects = limit }, [ManySlices(objects), Watch(""), ManySlices(objects)]);

        Assert.Equal(1 + audits, run.Requests.Count(r => r.StartsWith("list", StringComparison.Ordinal)));
    }

    [Fact]
    public void Above_the_limit_of_the_option_a_reopened_watch_that_stays_silent_is_audited() =>
        Play("3m", _options with { MaxAuditedObjects = 0 }, [ManySlices(1), Watch("^ 59999ms |"), Watch(""), ManySlices(1)])
            .Asked("list at 0 to 0", "watch from 17 at 0 to 60000", "watch from 17 at 60000 to 180000", "list at 120000 to 120000");

    [Fact]
    public void Above_5000_objects_a_reopened_watch_that_stays_silent_is_audited() =>
        Play("3m", ManySlices(5_001), Watch("^ 59999ms |"), Watch(""), ManySlices(5_001))
            .Asked("list at 0 to 0", "watch from 17 at 0 to 60000", "watch from 17 at 60000 to 180000", "list at 120000 to 120000");

    [Fact]
    public void Audits_can_be_switched_off() =>
        Play("180m", _options with { AuditInterval = null }, [List("17", "ab"), Watch("^ 59999ms |"), Watch("")])
            .Asked("list at 0 to 0", "watch from 17 at 0 to 60000", "watch from 17 at 60000 to 10800000");

    [Fact]
    public void A_reopened_watch_that_stays_silent_for_a_minute_is_audited_once() =>
        Play("10m", List("17", "ab"), Watch("^ 59999ms |"), Watch("5ms ^"), Now("30", "ab"))
            .Asked("list at 0 to 0", "watch from 17 at 0 to 60000", "watch from 17 at 60000 to 600000", "list at 120000 to 120000");

    [Fact]
    public void A_server_that_was_restored_during_a_gap_is_found_a_minute_after_the_watch_was_reopened() =>
        Play("3m", List("17", "ab"), Watch("^ 59999ms |"), Watch("^"), Now("12", "a"), Now("12", "a"), Watch(""))
            .Saw("0 live ab", "120000 live a");

    [Fact]
    public void A_reopened_watch_that_sends_something_is_not_audited_early() =>
        Play("10m", List("17", "ab"), Watch("^ 59999ms |"), Events("30s c"))
            .Asked("list at 0 to 0", "watch from 17 at 0 to 60000", "watch from 17 at 60000 to 600000");

    [Fact]
    public void A_watch_that_is_not_answered_is_not_audited_early() =>
        Play("63s", List("17", "ab"), Watch("^ 1999ms |"), Watch("29s ^ 30s c"))
            .Asked("list at 0 to 0", "watch from 17 at 0 to 2000", "watch from 17 at 2000 to 63000");

    [Fact]
    public void A_watch_after_a_relist_may_stay_silent() =>
        Play("10m", List("17", "ab"), Watch("30s g"), Now("30", "ab"), Watch("^"))
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 30000", "list not older than 17 at 30000 to 30000",
                "watch from 30 at 30000 to 600000");

    [Fact]
    public void A_first_watch_may_stay_silent() =>
        Play("10m", List("17", "ab"), Watch("")).Asked("list at 0 to 0", "watch from 17 at 0 to 600000");

    [Fact]
    public void The_time_between_audits_is_30_minutes_plus_or_minus_half()
    {
        var random = new Random(20261128);
        var times = new List<double>();
        for (var i = 0; i < 100; i++)
        {
            var clock = new VirtualClock();
            var server = ScriptedCollection.Of(clock, [.. Enumerable.Repeat("(l|)", 10)], [""]);
            server.Play(clock, "240m", _options with { Random = RandomSource.Seeded(random.Next()) });
            var lists = server.Server.Requests.Where(r => r.List is not null).Select(r => r.Frame / 60_000.0).ToList();
            times.AddRange(lists.Zip(lists.Skip(1), (one, next) => next - one));
        }

        Assert.All(times, t => Assert.InRange(t, 15, 45));
        Assert.InRange(times.Average(), 28.5, 31.5);
        Assert.InRange(times.Min(), 15, 16);
        Assert.InRange(times.Max(), 44, 45);
    }

    private static Run Play(string until, params ScriptedResponse[] responses) => Play(until, _options, responses);

    private static Run Play(string until, ResumeOptions options, ScriptedResponse[] responses) =>
        Run.Play(until, new Script { Responses = responses, Options = options });

    private static ScriptedResponse Events(string diagram) => new(diagram, _lines);

    private static ScriptedResponse Now(string version, params EndpointSlice[] slices) => Now(version, after: 0, slices);

    private static ScriptedResponse Now(string version, int after, params EndpointSlice[] slices) =>
        ScriptedResponse.Of(SliceJson.List(version, slices), after: after);

    /// <summary>The list of pods as the client knows them: a and b from the first list, c from the watch.</summary>
    private static ScriptedResponse Now(string version, string pods) =>
        Now(version, [.. pods.Select(p => Pod($"{p}", p == 'c' ? 23 : 10))]);

    private static ScriptedResponse ManySlices(int count) => Now("17", [
        .. Enumerable.Range(0, count).Select(i => Slice.Of(i.ToString(CultureInfo.InvariantCulture), service: "cache", version: 10)),
    ]);
}
