using Rx.Kube.Testing;
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
        Run.PlayWithLongWaits(
                "3s", Page("17", "t1", "ab"),
                new("5ms p-#reset", p => Utf8("""{"kind":"EndpointSliceList","metadata":{"resourceVersion":"17"},"items":[""")),
                List("18", "ac"), Watch(""))
            .Saw("7 syncing Unreachable +2000", "2007 live ac")
            .Asked("list at 0 to 0", "list from token t1 at 0 to 7", "list at 2007 to 2007", "watch from 18 at 2007 to 3000");

    [Fact]
    public void A_page_that_stalls_fails_two_minutes_after_its_headers()
    {
        var run = Run.PlayWithLongWaits("3m", new("5ms ^ 10ms {", _ => Utf8("{")), List("17", "a"), Watch(""))
            .Saw("120005 syncing Unreachable +2000", "122005 live a")
            .Asked("list at 0 to 120005", "list at 122005 to 122005", "watch from 17 at 122005 to 180000");
        Assert.StartsWith(
            "a page of the list did not arrive completely within 120 s. To fix: lower WireLimits.PageSize",
            Assert.Single(run.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_continue_token_that_repeats_is_refused() =>
        Assert.IsType<KubeProtocolException>(
            Run.PlayWithLongWaits("3s", Page("17", "t1", "a"), Page("17", "t1", "a"), List("17", "a"), Watch(""))
                .Saw("0 syncing Protocol +2000", "2000 live a").Errors[0]);

    [Fact]
    public void Continue_tokens_that_alternate_are_refused_after_a_few_pages()
    {
        var run = Play(n => Page("17", n % 2 == 0 ? "even" : "odd", ""), until: "1s");
        Assert.StartsWith("the list has no end: the server repeats a continue token", run.Errors[0].Message, StringComparison.Ordinal);
        Assert.InRange(run.Http.Requests.Count, 3, 6);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(7, 40)]
    [InlineData(100, 400)]
    public void Continue_tokens_in_a_cycle_of_any_length_are_refused(int length, int atMost)
    {
        var run = Play(n => Page("17", $"t{n % length}", "a"));
        Assert.Contains("repeats a continue token", run.Errors[0].Message, StringComparison.Ordinal);
        Assert.InRange(run.Http.Requests.Count, 2, atMost);
    }

    [Fact]
    public void A_list_of_endless_empty_pages_is_refused_after_its_limit_of_pages()
    {
        var run = Play(n => Page("17", $"t{n}", ""), new() { MaxPages = 50 }, until: "41s");
        Assert.StartsWith(
            "the list has no end: after 50 pages (50 of them empty), the server still announces more. To fix: raise WireLimits.PageSize",
            run.Errors[0].Message, StringComparison.Ordinal);
        Assert.Equal(50, run.Http.Requests.Count);
        Assert.Equal(10_000, WireLimits.Default.MaxPages);
    }

    [Fact]
    public void A_few_empty_pages_are_followed_at_once_and_more_of_them_ever_more_slowly()
    {
        var run = Play(n => Page("17", $"t{n}", n == 6 ? "a" : ""), until: "590s");
        long[] first = [0, 0, 0, 0, 10, 30, 70, 70, 70, 70, 70, 80];
        Assert.Equal(first, run.Http.Requests.Take(first.Length).Select(r => r.Frame));
        Assert.InRange(run.Http.Requests.Count, 590, 610);
        Assert.Empty(run.Log);
    }

    [Theory]
    [InlineData(0, new long[] { 0, 10, 30, 70 })]
    [InlineData(1, new long[] { 0, 0, 10, 30 })]
    [InlineData(5, new long[] { 0, 0, 0, 0, 0, 0, 10, 30 })]
    public void How_many_empty_pages_are_followed_at_once_is_an_option(int limit, long[] times)
    {
        var run = Play(n => Page("17", $"t{n}", ""), new() { EmptyPagesAtOnce = limit }, until: "75ms");
        Assert.Equal(times, run.Http.Requests.Take(times.Length).Select(r => r.Frame));
    }

    [Fact]
    public void An_unfinished_list_tells_how_far_it_is_until_it_ends()
    {
        var told = new List<string?>();
        Run.Play("1s", new Script
        {
            Responses = [Page("17", "t1", "ab", after: 5), Page("17", "t2", "", after: 5), Page("17", "", "c", after: 5), Watch("")],
            At = [.. new[] { "3ms", "7ms", "12ms", "17ms" }.Select(at => (at, (Action<KubeConnection>)(c => told.Add(c.UnfinishedList))))],
        });
        Assert.Equal(
            [
                null, "the list of endpointslices.discovery.k8s.io is not complete after 1 page with 2 objects",
                "the list of endpointslices.discovery.k8s.io is not complete after 2 pages (1 of them empty) with 2 objects", null,
            ],
            told.Take(4));
    }

    [Fact]
    public void A_list_whose_every_page_has_a_version_of_its_own_says_so()
    {
        var run = Run.Play("1s", new Script
        {
            Answer = r => Page($"{r.Query("continue")?.Length ?? 17}{r.Query("limit")?.Length}", "t", "a"),
            Options = Script.LongWaits,
        });
        Assert.Equal(
            "the server splits a list that was requested in one page, and its pages are of two states. "
            + "To fix: check the server, and a proxy in front of it.",
            run.Errors[0].Message);
    }

    [Fact]
    public void A_list_ends_after_ten_minutes_whatever_its_pages_do()
    {
        var run = Play(n => Page("17", $"t{n}", "", after: 7_000), until: "601s");
        Assert.Equal("600000 syncing Protocol +2000", Assert.Single(run.Log));
        Assert.StartsWith("the list has no end: it was not complete after 600 s", run.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_in_one_page_that_expired_is_limited_by_the_same_ten_minutes()
    {
        var run = Run.Play("601s", new Script
        {
            Answer = r => r.Query("limit") is null ? Page("18", $"u{r.Frame}", "", after: 7_000)
                : r.Query("continue") is null ? Page("17", "t", "", after: 7_000)
                : Status(410, "Expired"),
            Options = Script.LongWaits,
        });
        Assert.Equal("600000 syncing Protocol +2000", Assert.Single(run.Log));
    }

    [Fact]
    public void A_list_in_one_page_that_has_pages_of_two_states_is_refused() =>
        Assert.Contains(
            "pages are of two states",
            Run.PlayWithLongWaits(
                    "3s", Page("17", "t", "a"), Page("18", "", "b"), Page("18", "t", "a"), Page("19", "", "b"), List("19", "ab"), Watch(""))
                .Saw("0 syncing Protocol +2000", "2000 live ab").Errors[0].Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_list_is_not_decoded_further_than_its_limit()
    {
        var run = Run.Play(
                "1s", new Script { Responses = [List("17", "abcd")], Limits = new() { MaxItems = 3 }, Options = Script.LongWaits })
            .Saw("0 syncing Protocol +2000");
        Assert.StartsWith("the list has more than 3 objects", run.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_after_a_gap_is_not_older_than_what_was_seen_and_replaces_it_whole() =>
        Run.Play("5s", List("17", "a"), Watch("b 2s g"), Page("30", "t1", "a", after: 3), Page("30", "", "c", after: 3), Watch(""))
            .Saw("0 live a", "0 live ab", "2007 live ac")
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 2001", "list not older than 18 at 2001 to 2004",
                "list from token t1 at 2004 to 2007", "watch from 30 at 2007 to 5000");

    /// <summary>Plays pages until the first interruption.</summary>
    private static Run Play(Func<int, ScriptedResponse> page, WireLimits? limits = null, string until = "1ms")
    {
        var asked = 0;
        return Run.Play(until, new Script
        {
            Limits = limits ?? WireLimits.Default,
            Options = Script.LongWaits,
            Answer = r => page(asked = r.Query("continue") is null ? 0 : asked + 1),
        });
    }
}
