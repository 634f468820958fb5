using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>The refusals of an API server, and the time of the next attempt.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData(429, "Throttled", "7", 7_000)]
    [InlineData(503, "ServerError", "7", 7_000)]
    [InlineData(503, "ServerError", null, 2_000)]
    [InlineData(503, "ServerError", "soon", 2_000)]
    [InlineData(429, "Throttled", "0", 2_000)]
    [InlineData(429, "Throttled", "3600", 600_000)]
    [InlineData(429, "Throttled", "Mon, 01 Jan 0001 00:00:09 GMT", 7_000)]
    [InlineData(503, "ServerError", "Mon, 01 Jan 0001 00:00:09 GMT", 7_000)]
    [InlineData(503, "ServerError", "Mon, 01 Jan 0001 00:00:00 GMT", 2_000)]
    public void Nothing_is_sent_before_Retry_After_nor_before_the_backoff(int code, string kind, string? retryAfter, int wait)
    {
        // The watch is closed after two seconds, and the next one refused at once.
        var next = 2_000 + wait;
        Run.PlayWithLongWaits($"{next + 5}ms", List("17", "a"), Watch("^ 1999ms |"), Status(code, "", retryAfter: retryAfter), Watch("b"))
            .Saw("0 live a", $"2000 stale a {kind} +{wait}", $"{next} live a", $"{next} live ab")
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 2000", "watch from 17 at 2000 to 2000",
                $"watch from 17 at {next} to {next + 5}");
    }

    [Fact]
    public void A_throttled_list_waits_too() =>
        Run.Play("10s", Status(429, "TooManyRequests", retryAfter: "3"), List("17", "a"), Watch(""))
            .Saw("0 syncing Throttled +3000", "3000 live a");

    [Fact]
    public void The_wait_doubles_with_its_jitter_while_attempts_fail() =>
        Run.Play("20s", new Script
        {
            Responses = [.. Enumerable.Repeat(Status(500, "InternalError"), 4), List("17", "a"), Watch("")],
            Options = new Script().Options with { Random = RandomSource.Constant(0.5) },
        }).Saw(
            "0 syncing ServerError +1200", "1200 syncing ServerError +2400", "3600 syncing ServerError +4800",
            "8400 syncing ServerError +9600", "18000 live a");

    [Theory]
    [InlineData(true, 2001)]
    [InlineData(false, 2002)]
    public void Gone_as_a_status_or_an_event_leads_to_one_quiet_list_at_once(bool isStatus, int at) =>
        Run.Play("5s", List("17", "a"), Watch("b 2s |"), isStatus ? Status(410, "Expired") : Watch("^g"), List("30", "ac"), Watch("--m"))
            .Saw("0 live a", "0 live ab", $"{at} live ac", $"{at + 2} live acm")
            .Asked(
                "list at 0 to 0", "watch from 17 at 0 to 2001", $"watch from 18 at 2001 to {at}", $"list not older than 18 at {at} to {at}",
                $"watch from 30 at {at} to 5000");

    [Fact]
    public void An_error_in_the_watch_that_is_not_Gone_leads_to_a_list_after_the_backoff() =>
        Run.PlayWithLongWaits("5s", List("17", "a"), Watch("b-e"), List("30", "ac"), Watch("m"))
            .Saw("0 live a", "0 live ab", "2 stale ab ServerError +2000", "2002 live ac", "2002 live acm")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 2", "list not older than 18 at 2002 to 2002", "watch from 30 at 2002 to 5000");

    [Fact]
    public void A_missing_permission_is_named_with_the_manifest_that_grants_it()
    {
        const string User = "system:serviceaccount:default:web";
        const string Message = $"""endpointslices.discovery.k8s.io is forbidden: User "{User}" cannot watch resource""";

        var run = Run.Play("1s", List("17", "a"), Status(403, "Forbidden", Message)).Saw("0 live a", "0 error");

        var refused = Assert.IsType<KubeForbiddenException>(run.Errors[0]);
        Assert.Equal(new MissingPermission("watch", "discovery.k8s.io", "endpointslices", "default") { User = User }, refused.Permission);
        Assert.Contains("verbs: [\"list\", \"watch\"]", refused.Message, StringComparison.Ordinal);
        Assert.Contains("name: web", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_permission_that_is_revoked_later_is_retried() =>
        Run.Play("5s", List("17", "a"), Watch("^ 1999ms |"), Status(403, "Forbidden"), Watch(""))
            .Saw("0 live a", "2000 stale a Forbidden +800", "3800 live a");

    [Fact]
    public void A_resource_that_is_not_there_fails_at_once() =>
        Assert.Equal(404, Assert.IsType<KubeStatusException>(Run.Play("1s", Status(404, "NotFound")).Saw("0 error").Errors[0]).Status.Code);

    [Theory]
    [InlineData(0)]
    [InlineData(60_000)]
    public void The_body_of_a_watchs_refusal_has_the_time_limit_of_an_answer_too(int headers)
    {
        var endless = new Testing.ScriptedResponse($"{headers}ms ^ 1s e", _ => Utf8("etcd is"))
        {
            Status = System.Net.HttpStatusCode.InternalServerError,
        };
        Run.Play("95s", List("17", "a"), endless)
            .Asked("list at 0 to 0", $"watch from 17 at 0 to {headers + 30_000}", $"watch from 17 at {headers + 30_800} to 95000");
    }

    [Fact]
    public void The_body_of_a_refusal_has_the_time_limit_of_an_answer()
    {
        var endless = new Testing.ScriptedResponse("^ 1s e", _ => Utf8("etcd is"))
        {
            Status = System.Net.HttpStatusCode.InternalServerError,
        };
        Run.PlayWithLongWaits("40s", endless, List("17", "a"), Watch(""))
            .Saw("30000 syncing ServerError +2000", "32000 live a")
            .Asked("list at 0 to 30000", "list at 32000 to 32000", "watch from 17 at 32000 to 40000");
    }
}
