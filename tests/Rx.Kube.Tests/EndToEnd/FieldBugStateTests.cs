using System.Globalization;
using System.Net;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>Bugs of other clients, by number: 5 to 8, 10 to 12 and 16 are about versions and lists.</summary>
public sealed class FieldBugStateTests
{
    private static readonly Script _streamed = new() { Options = new Script().Options with { StreamingLists = true } };

    // kubernetes#35068, csharp#740
    [Fact]
    public void Bug05_A_410_inside_the_watch_is_one_relist_without_duplicate_additions() => PlayGone(Watch("(^g|)"));

    // kube-rs, KubeOps and YARP looped or died
    [Fact]
    public void Bug06_A_410_as_the_status_of_the_watch_leaves_the_same_trace_as_one_inside_it()
    {
        var (status, inside) = (PlayGone(Status(410, "Expired")), PlayGone(Watch("(^g|)")));

        Assert.Equal(inside.Events, status.Events);
        Assert.Equal(inside.Changes, status.Changes);
        Assert.Equal(inside.Requests, status.Requests);
    }

    // operator-sdk#675
    [Fact]
    public void Bug07_A_deletion_during_the_gap_before_a_410_is_exactly_one_removal_marked_as_inferred() =>
        Assert.Equal(
            ["0 +a", "0 +b", "2000 -b inferred"],
            Heard.Play("5s", List("17", "ab"), Watch("^ 1999ms |"), Watch("(^g|)"), List("30", "a"), Watch("^")).Changes);

    // python#819
    [Fact]
    public void Bug08_A_watch_starts_at_the_version_of_the_list_and_not_of_its_items() =>
        Heard.Play("1s", ScriptedResponse.Of(SliceJson.List("16042", Pod("a", 7_406_832))), Watch("^"))
            .Asked("list at 0 to 0", "watch from 16042 at 0 to 1000");

    // kube-rs#1844
    [Fact]
    public void Bug10_A_streaming_list_is_resumed_as_a_watch_without_sendInitialEvents()
    {
        var run = Heard.Play("5s", _streamed with { Responses = [Watch("b-Z 1999ms |"), Watch("m")] })
            .Saw("2 Listed 25", "2002 Added 31");

        Assert.Equal(
            ["true NotOlderThan  true", "  25 true"],
            run.Http.Requests.Select(r =>
                $"{r.Query("sendInitialEvents")} {r.Query("resourceVersionMatch")} {r.Query("resourceVersion")} "
                + r.Query("allowWatchBookmarks")));
        Assert.Equal(["2 +b", "2002 +m"], run.Changes);
    }

    // kubernetes#140890
    [Fact]
    public void Bug10_A_streaming_list_without_its_last_bookmark_is_waited_for_30_s_and_then_listed_now_and_later()
    {
        var run = Heard.Play(
                "1m", _streamed with { Responses = [Watch("--b"), List("17", "a"), Watch("2s g"), List("30", "a"), Watch("^")] })
            .Saw("30002 Listed 17", "32002 Listed 30 Relisted");

        Assert.Equal(
            ["True 0 30002", "False 30002 30002", "False 30002 32002", "False 32002 32002", "False 32002 60000"],
            run.Http.Requests.Select(r => $"{r.Query("sendInitialEvents") == "true"} {r.Frame} {r.End}"));
        Assert.Equal("30", run.Http.Requests[^1].Query("resourceVersion"));
    }

    // kubernetes#107133
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Bug11_A_version_that_is_too_large_for_a_list_is_followed_by_the_most_recent_list(int retryAfter)
    {
        var at = 2_000 + (retryAfter * 1_000);
        Heard.Play("9s", List("1000", "a"), Watch("2s g"), TooLarge(retryAfter), List("1001", "ab"), Watch("^"))
            .Asked(
                "list at 0 to 0", "watch from 1000 at 0 to 2000", "list not older than 1000 at 2000 to 2000", $"list at {at} to {at}",
                $"watch from 1001 at {at} to 9000");
    }

    // kubernetes#59848
    [Theory]
    [InlineData("2s b")]
    [InlineData("2s B")]
    [InlineData("2s x")]
    public void Bug12_A_watch_of_a_server_that_is_behind_never_takes_a_snapshot_back(string stale)
    {
        var run = Heard.Play("5s", List("1000", "ab"), Watch(stale), List("1001", "abc"), Watch("^"))
            .Saw("0 Listed 1000", "2000 Listed 1001 Relisted")
            .Asked("list at 0 to 0", "watch from 1000 at 0 to 2000", "list at 2000 to 2000", "watch from 1001 at 2000 to 5000");

        Assert.Equal(["0 +a", "0 +b", "2000 +c inferred"], run.Changes);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 200)]
    [InlineData(5, 200)]
    [InlineData(6, 200)]
    public void Bug12_Of_two_servers_one_behind_the_other_the_versions_of_snapshots_never_decrease(int seed, int behind)
    {
        var random = new Random(seed);
        var run = Heard.Play("10m", new Script
        {
            // Which of the two answers is left to chance, and so is whether the one behind knows that a version is too large for it.
            Answer = request =>
            {
                var now = 1_000 + (request.Frame / 100);
                var asked = long.Parse(request.Query("resourceVersion") ?? "0", CultureInfo.InvariantCulture);
                var its = random.Next(2) == 0 || asked == 0 ? now : now - behind;
                return request.Query("watch") is not null
                    ? new ScriptedResponse("^ 2s x 3s y 3s g", Events(its + 20, its + 50))
                    : its < asked && random.Next(2) == 0 ? TooLarge(1)
                    : ScriptedResponse.Of(SliceJson.List($"{its}", Pod("a", its)));
            },
        });
        var versions = run.Snapshots.Select(s => long.Parse(s.Version.Length > 0 ? s.Version : "0", CultureInfo.InvariantCulture)).ToList();

        Assert.InRange(versions.Count, 50, int.MaxValue);
        Assert.Equal(versions.Order(), versions);
        Assert.All(run.Snapshots, s => Assert.NotEqual(Continuity.WentBack, s.Continuity));

        static Dictionary<char, string> Events(long first, long second) => new(Lines)
        {
            ['x'] = SliceJson.Modified(Pod("a", first)),
            ['y'] = SliceJson.Modified(Pod("a", second)),
        };
    }

    [Fact]
    public void Bug12_A_restored_server_is_an_explicit_reset()
    {
        var run = Heard.Play("5s", List("1000", "ab"), Watch("2s B"), List("12", "a"), Watch("^"))
            .Saw("0 Listed 1000", "2000 Listed 12 WentBack")
            .Asked("list at 0 to 0", "watch from 1000 at 0 to 2000", "list at 2000 to 2000", "watch from 12 at 2000 to 5000");

        Assert.Equal(["First 1000", "WentBack 12"], run.Snapshots.Select(s => $"{s.Continuity} {s.Version}"));
        Assert.Equal(["0 +a", "0 +b", "2000 -b inferred"], run.Changes);
    }

    // kube-rs#1524
    [Fact]
    public void Bug16_Three_pages_are_one_list_without_a_version_beside_continue_and_deletions_come_after_the_last_page()
    {
        var run = Heard.Play(
            "5s", List("17", "abc"), Watch("2s g"), Page("30", "t1", "a", after: 5), Page("30", "t2", "d", after: 5),
            Page("30", "", "m", after: 5), Watch("^"));

        Assert.Equal(
            ["0 +a", "0 +b", "0 +c", "2015 +d inferred", "2015 +m inferred", "2015 -b inferred", "2015 -c inferred"], run.Changes);
        Assert.Equal(
            ["limit=500&resourceVersion=17&resourceVersionMatch=NotOlderThan", "limit=500&continue=t1", "limit=500&continue=t2"],
            run.Http.Requests.Skip(2).Take(3).Select(r => r.Uri.Query.Split("service-name%3Dcache&")[1]));
    }

    // kubernetes#85221
    [Fact]
    public void Bug16_A_410_on_the_second_page_starts_the_list_over_in_one_page_and_the_token_in_its_Status_is_not_used()
    {
        var gone = ScriptedResponse.Of(
            """
            {"kind":"Status","apiVersion":"v1","metadata":{"continue":"fresh"},"status":"Failure","reason":"Expired","code":410,
             "message":"The provided continue parameter is too old to display a consistent list result."}
            """,
            HttpStatusCode.Gone);
        var run = Heard.Play("1s", Page("17", "t1", "ab", after: 5), gone, List("30", "ac", after: 5), Watch("^"))
            .Saw("10 Listed 30")
            .Asked("list at 0 to 5", "list from token t1 at 5 to 5", "list in one page at 5 to 10", "watch from 30 at 10 to 1000");

        Assert.Equal(["10 +a", "10 +c"], run.Changes);
        Assert.DoesNotContain(run.Http.Requests, r => r.Query("continue") == "fresh");
    }

    [Fact]
    public void Bug16_A_list_that_is_cancelled_between_its_pages_ends_its_request_and_emits_nothing() =>
        Heard.Play("7ms", Page("17", "t1", "a", after: 5), Page("17", "t2", "b", after: 5), Page("17", "", "c", after: 5))
            .Saw()
            .Asked("list at 0 to 5", "list from token t1 at 5 to 7");

    private static Heard PlayGone(ScriptedResponse gone)
    {
        var run = Heard.Play("5s", List("17", "a"), Watch("b 1999ms |"), gone, List("30", "abc"), Watch("--m"))
            .Saw("0 Listed 17", "0 Added 18", "2000 Listed 30 Relisted", "2002 Added 31")
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 2000", "watch from 18 at 2000 to 2000", "list not older than 18 at 2000 to 2000",
                "watch from 30 at 2000 to 5000");
        Assert.Equal(["0 +a", "0 +b", "2000 +c inferred", "2002 +m"], run.Changes);
        return run;
    }

    /// <summary>The answer of a server that has not reached the version of a list.</summary>
    private static ScriptedResponse TooLarge(int retryAfter) => ScriptedResponse.Of(
        $$"""
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"Timeout","code":504,
         "message":"Timeout: Too large resource version: 1000, current: 900",
         "details":{"causes":[{"reason":"ResourceVersionTooLarge","message":"Too large resource version"}],
                    "retryAfterSeconds":{{retryAfter}} } }
        """,
        HttpStatusCode.GatewayTimeout);
}
