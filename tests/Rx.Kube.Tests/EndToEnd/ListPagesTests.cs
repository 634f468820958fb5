using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>A list of several pages is one event, or none.</summary>
public sealed class ListPagesTests
{
    [Fact]
    public void Three_pages_are_one_snapshot_after_the_last_page() =>
        Run.Play("1s", Page("17", "t1", "a", after: 5), Page("17", "t2", "b", after: 5), Page("17", "", "c", after: 5), Watch("--d"))
            .Saw("15 live abc", "17 live abcd")
            .Asked("list at 0 to 5", "list from token t1 at 5 to 10", "list from token t2 at 10 to 15", "watch from 17 at 15 to 1000");

    [Fact]
    public void An_expired_token_starts_over_at_once_with_everything_in_one_page() =>
        Run.Play("1s", Page("17", "t1", "ab", after: 5), Status(410, "Expired"), List("30", "ac", after: 5), Watch(""))
            .Saw("10 live ac")
            .Asked("list at 0 to 5", "list from token t1 at 5 to 5", "list in one page at 5 to 10", "watch from 30 at 10 to 1000");

    [Fact]
    public void Pages_of_two_versions_are_not_combined() =>
        Run.Play("1s", Page("17", "t1", "ab"), Page("18", "", "c"), List("18", "ac"), Watch(""))
            .Saw("0 live ac");

    [Fact]
    public void A_page_that_breaks_emits_nothing_and_the_list_starts_over() =>
        Run.Play(
                "1s", Page("17", "t1", "ab"),
                new("5ms p-#reset", p => Utf8("""{"kind":"EndpointSliceList","metadata":{"resourceVersion":"17"},"items":[""")),
                List("18", "ac"), Watch(""))
            .Saw("7 syncing Unreachable +800", "807 live ac")
            .Asked("list at 0 to 0", "list from token t1 at 0 to 7", "list at 807 to 807", "watch from 18 at 807 to 1000");

    [Fact]
    public void A_page_that_stalls_fails_two_minutes_after_its_headers()
    {
        var run = Run.Play("3m", new("5ms ^ 10ms {", _ => Utf8("{")), List("17", "a"), Watch(""))
            .Saw("120005 syncing Unreachable +800", "120805 live a")
            .Asked("list at 0 to 120005", "list at 120805 to 120805", "watch from 17 at 120805 to 180000");
        Assert.Equal("the list did not arrive completely within 120 s", Assert.Single(run.Errors).Message);
    }

    [Fact]
    public void A_continue_token_that_repeats_is_refused() =>
        Assert.IsType<KubeProtocolException>(
            Run.Play("1s", Page("17", "t1", "a"), Page("17", "t1", "a"), List("17", "a"), Watch(""))
                .Saw("0 syncing Protocol +800", "800 live a").Errors[0]);

    [Fact]
    public void A_list_is_not_decoded_further_than_its_limit()
    {
        var run = Run.Play("1s", new Script { Responses = [List("17", "abcd")], Limits = new() { MaxItems = 3 } })
            .Saw("0 syncing Protocol +800");
        Assert.StartsWith("the list has more than 3 objects", run.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_after_a_gap_is_not_older_than_what_was_seen_and_replaces_it_whole() =>
        Run.Play("5s", List("17", "a"), Watch("b 2s g"), Page("30", "t1", "a", after: 3), Page("30", "", "c", after: 3), Watch(""))
            .Saw("0 live a", "0 live ab", "2007 live ac")
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 2001", "list not older than 18 at 2001 to 2004",
                "list from token t1 at 2004 to 2007", "watch from 30 at 2007 to 5000");
}
