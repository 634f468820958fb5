using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>
/// A list that arrives as a watch: initial events, then a bookmark that ends them (Z at version 25). Keys are those of
/// <see cref="ScriptedCollection"/>.
/// </summary>
public class StreamingListTests
{
    private readonly VirtualClock _clock = new();

    [Fact]
    public void Initial_events_are_buffered_until_their_end_and_are_one_list() =>
        Check([], ["a-b-c-Z", ""], ["6 listed 25: a@18 b@19 c@20"], ["stream at 0 ms"]);

    [Fact]
    public void The_events_that_follow_are_those_of_a_watch() =>
        Check(
            [], ["a-Z-D-X 2s |", ""], ["2 listed 25: a@18", "4 modified d@31", "6 deleted a@34"],
            ["stream at 0 ms", "watch from 34 at 2007 ms"]);

    [Fact]
    public void An_empty_collection_is_listed_with_its_first_bookmark() => Check([], ["Z"], ["0 listed 25: "], ["stream at 0 ms"]);

    [Fact]
    public void An_object_that_changes_during_the_initial_events_is_in_the_list_once_as_it_is_now() =>
        Check([], ["a-b-A-Y"], ["6 listed 50: b@19 a@28"], ["stream at 0 ms"]);

    [Fact]
    public void An_object_that_is_deleted_during_the_initial_events_is_not_in_the_list() =>
        Check([], ["a-b-X-Y"], ["6 listed 50: b@19"], ["stream at 0 ms"]);

    [Fact]
    public void An_object_that_cannot_be_decoded_is_named_in_the_list() =>
        Check([], ["b-s-Z"], ["4 listed 25: b@19 skipped a"], ["stream at 0 ms"]);

    [Fact]
    public void Initial_events_of_which_none_can_be_decoded_are_loud() =>
        Check(
            [], ["s-Z", "s-Z", "s-b-Y"], ["804 interrupted Undecodable +1600", "2408 listed 50: b@19 skipped a"],
            ["stream at 0 ms", "stream at 802 ms", "stream at 2404 ms"]);

    [Fact]
    public void Initial_events_of_other_objects_of_which_none_can_be_decoded_are_loud_and_keep_the_state() =>
        Check(
            [], ["c-Z 20s #gone", "s-Y", "c-s-Y"],
            ["2 listed 25: c@20", "20005 interrupted Undecodable +1600", "21609 listed 50: c@20 skipped a (Relisted)"],
            ["stream at 0 ms", "stream not older than 25 at 20003 ms", "stream at 21605 ms"]);

    [Fact]
    public void Initial_events_of_which_none_can_be_decoded_any_more_are_a_list_while_a_state_is_kept() =>
        Check(
            [], ["a-Z 20s #gone", "s-Y"], ["2 listed 25: a@18", "20005 listed 50: skipped a (Relisted)"],
            ["stream at 0 ms", "stream not older than 25 at 20003 ms"]);

    [Fact]
    public void An_object_that_can_no_longer_be_decoded_replaces_the_one_that_could() =>
        Check([], ["a-b-s-Z"], ["6 listed 25: b@19 skipped a"], ["stream at 0 ms"]);

    [Fact]
    public void An_object_that_can_be_decoded_again_is_in_the_list() =>
        Check([], ["b-s-A-Y"], ["6 listed 50: b@19 a@28"], ["stream at 0 ms"]);

    [Fact]
    public void The_deletion_of_an_object_that_cannot_be_decoded_counts() =>
        Check([], ["a-b-t-Z"], ["6 listed 25: b@19"], ["stream at 0 ms"]);

    [Theory]
    [InlineData("a-A-Y")]
    [InlineData("a-X-Y")]
    public void Without_metadata_a_change_during_the_initial_events_leads_to_a_list(string stream)
    {
        var server = ScriptedCollection.Of(_clock, ["(m|)"], [stream, ""], hasMetadata: false);

        Assert.Equal(["2 listed 40: c@38"], server.Play(_clock, "1s"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a 10s b")]
    public void If_the_end_does_not_come_for_30_s_a_list_is_sent_and_later_lists_are_lists(string stream)
    {
        var last = stream.Length == 0 ? 0 : 10_001;
        var server = ScriptedCollection.Of(_clock, ["(l|)", "(m|)"], [stream, "1m #gone", ""]);

        server.Play(_clock, "3m");

        Assert.Equal(
            [
                "stream at 0 ms", $"list at {last + 30_000} ms", $"watch from 17 at {last + 30_000} ms",
                $"list not older than 17 at {last + 90_000} ms", $"watch from 40 at {last + 90_000} ms",
            ],
            server.Asked);
    }

    [Fact]
    public void Initial_events_that_keep_coming_are_not_given_up() =>
        Check([], ["a 19s b 19s c 19s Z"], ["57003 listed 25: a@18 b@19 c@20"], ["stream at 0 ms"]);

    [Fact]
    public void Initial_events_that_do_not_end_within_a_minute_are_given_up_for_a_list() =>
        Check(
            ["(l|)"], ["a 29s b 29s c 29s Z", ""], ["60000 listed 17: a@10 b@10"],
            ["stream at 0 ms", "list at 60000 ms", "watch from 17 at 60000 ms"]);

    [Fact]
    public void After_the_end_of_the_initial_events_silence_is_allowed() =>
        Check([], ["a-Z 60s D"], ["2 listed 25: a@18", "60003 modified d@31"], ["stream at 0 ms"]);

    [Theory]
    [InlineData(400)]
    [InlineData(405)]
    [InlineData(406)]
    [InlineData(415)]
    [InlineData(422)]
    public void A_server_that_refuses_the_option_is_asked_for_a_list_at_once_and_from_then_on(int status)
    {
        var server = ScriptedCollection.Of(_clock, ["(l|)", "(m|)"], [$"#s{status}", "20s #gone", ""]);

        Assert.Equal(["0 listed 17: a@10 b@10", "20000 listed 40: c@38 (Relisted)"], server.Play(_clock, "1m"));
        Assert.Equal(
            ["stream at 0 ms", "list at 0 ms", "watch from 17 at 0 ms", "list not older than 17 at 20000 ms", "watch from 40 at 20000 ms"],
            server.Asked);
    }

    [Theory]
    [InlineData("unauthorized")]
    [InlineData("forbidden")]
    [InlineData("notfound")]
    [InlineData("untrusted")]
    [InlineData("config")]
    public void A_refusal_that_a_list_would_get_too_ends_the_stream(string error) =>
        Check([], ["#" + error], ["0 error"], ["stream at 0 ms"]);

    [Fact]
    public void A_list_that_is_cut_in_the_middle_is_streamed_again_and_listed_after_the_third_cut() =>
        Check(
            ["(l|)"], ["a-b 3s #", "a-b 3s |", "a-b 3s #", ""],
            [
                "4003 interrupted Unreachable +800", "6806 interrupted Closed +1600", "11409 interrupted Unreachable +3200",
                "14609 listed 17: a@10 b@10",
            ],
            ["stream at 0 ms", "stream at 3803 ms", "stream at 8406 ms", "list at 14609 ms", "watch from 17 at 14609 ms"]);

    [Fact]
    public void A_relist_that_is_streamed_for_long_is_reported_until_it_is_complete_and_not_as_resumed() =>
        Check(
            [], ["a-Z 20s #gone", "a 10s b 25s Y"],
            ["2 listed 25: a@18", "21003 interrupted Expired +0", "55005 listed 50: a@18 b@19 (Relisted)"],
            ["stream at 0 ms", "stream not older than 25 at 20003 ms"]);

    [Fact]
    public void An_error_in_a_watch_that_lived_long_says_nothing_about_streaming_lists()
    {
        var server = ScriptedCollection.Of(_clock, [], ["a-Z 40s #internal", "a-b-Y"]);

        server.Play(_clock, "60s");

        Assert.Equal(["stream at 0 ms", "stream not older than 25 at 40803 ms"], server.Asked);
    }

    [Fact]
    public void A_list_that_is_cut_once_is_complete_the_second_time() =>
        Check(
            [], ["a-b 3s #", "b 500ms Z"], ["4003 interrupted Unreachable +800", "4304 listed 25: b@19"],
            ["stream at 0 ms", "stream at 3803 ms"]);

    [Fact]
    public void A_relist_is_streamed_from_no_older_a_version_and_then_from_the_most_recent() =>
        Check(
            [], ["a-Z 20s #gone", "#toolarge", "d-Y"], ["2 listed 25: a@18", "20005 listed 50: d@21 (Relisted)"],
            ["stream at 0 ms", "stream not older than 25 at 20003 ms", "stream at 20003 ms"]);

    [Fact]
    public void A_streamed_relist_below_the_version_that_was_asked_for_is_refused() =>
        Check(
            [], ["a-Y 20s #gone", "b-Z", "c-Y"], ["2 listed 50: a@18", "20007 listed 50: c@20 (Relisted)"],
            ["stream at 0 ms", "stream not older than 50 at 20003 ms", "stream at 20005 ms"]);

    [Fact]
    public void The_options_turn_streaming_off()
    {
        var server = ScriptedCollection.Of(_clock, ["(l|)"], [""]);

        server.Play(_clock, "1s", ResumeOptions.WithoutJitter with { StreamingLists = false, AuditInterval = null });

        Assert.Equal(["list at 0 ms", "watch from 17 at 0 ms"], server.Asked);
    }

    private void Check(string[] lists, string[] connections, string[] log, string[] asked)
    {
        var server = ScriptedCollection.Of(_clock, lists, connections);

        Assert.Equal(log, server.Play(_clock, "90s"));
        Assert.Equal(asked, server.Asked);
    }
}
