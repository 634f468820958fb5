using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>Connections that fail, break, are closed, or die silently.</summary>
public sealed class ConnectionLossTests
{
    [Theory]
    [InlineData("5ms #refused")]
    [InlineData("5ms #unresolved")]
    public void A_server_that_cannot_be_reached_is_retried(string answer) =>
        Run.Play("5s", Watch(answer), Watch(answer), List("17", "a"), Watch(""))
            .Saw("810 syncing Unreachable +1600", "2410 live a")
            .Asked("list at 0 to 5", "list at 805 to 810", "list at 2410 to 2410", "watch from 17 at 2410 to 5000");

    [Fact]
    public void A_refused_certificate_is_an_error_at_first_and_is_retried_later()
    {
        Assert.True(Assert.IsType<KubeTransportException>(Run.Play("5s", Watch("5ms #untrusted")).Saw("5 error").Errors[0]).IsUntrusted);
        Run.Play("5s", List("17", "a"), Watch("^ 1999ms |"), Watch("5ms #untrusted"), Watch(""))
            .Saw("0 live a", "2005 stale a Untrusted +800", "3805 live a");
    }

    [Fact]
    public void A_watch_that_breaks_is_resumed_at_once_from_its_last_version_and_one_failure_after_it_is_not_reported() =>
        Run.Play("5s", List("17", "a"), Watch("b-#reset"), Watch("3ms #refused"), Watch("5ms ^-c"))
            .Saw("0 live a", "0 live ab", "812 live abc")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 2", "watch from 18 at 2 to 5", "watch from 18 at 805 to 5000");

    [Fact]
    public void A_failure_is_reported_a_second_after_the_loss_if_there_is_no_watch_until_then() =>
        Run.Play("5s", List("17", "a"), Watch("b-#reset"), Watch("3ms #refused"), Watch("300ms ^-c"))
            .Saw("0 live a", "0 live ab", "1002 stale ab Unreachable +800", "1107 live ab", "1107 live abc")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 2", "watch from 18 at 2 to 5", "watch from 18 at 805 to 5000");

    [Fact]
    public void A_watch_that_breaks_before_its_headers_counts_as_not_opened() =>
        Assert.StartsWith(
            "kube broke the connection before it answered",
            Run.PlayWithLongWaits(
                    "5s", List("17", "a"), new("3ms #", Lines, new HttpRequestException(HttpRequestError.ResponseEnded, "ended")),
                    Watch(""))
                .Saw("0 live a", "3 stale a Unreachable +2000", "3003 live a").Errors[0].Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_clean_close_is_resumed_silently_in_the_same_frame()
    {
        var run = Run.Play("10m", List("17", "a"), Watch("b 299999ms |"), Watch("c"))
            .Saw("0 live a", "0 live ab", "300000 live abc")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 300000", "watch from 18 at 300000 to 600000");
        Assert.Equal("300", run.Http.Requests[1].Query("timeoutSeconds"));
    }

    [Fact]
    public void A_list_without_an_answer_fails_after_thirty_seconds()
    {
        var run = Run.Play("62s")
            .Saw("31000 syncing Unreachable +800", "60800 syncing Unreachable +1600")
            .Asked("list at 0 to 30000", "list at 30800 to 60800");
        Assert.StartsWith("kube did not answer within 30 s", run.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_headers_of_a_watch_may_come_with_its_first_event_minutes_later_and_their_absence_is_reported() =>
        Run.Play("5m", List("17", "a"), Watch("4m ^ b"))
            .Saw("0 live a", "30000 stale a Silent +0", "240001 live a", "240001 live ab")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 300000");

    [Fact]
    public void A_watch_without_an_answer_ends_at_the_clients_own_cap() =>
        Assert.Equal(
            ["list at 0 to 0", "watch from 17 at 0 to 330000"], Run.Play("400s", List("17", "a")).Requests.Take(2));

    [Fact]
    public void An_answer_at_the_last_moment_counts() =>
        Run.Play("40s", List("17", "a", after: 29_999), Watch("")).Saw("29999 live a");

    [Fact]
    public void Silence_after_a_bookmark_leads_to_one_silent_resume_after_two_and_a_half_minutes() =>
        Run.Play("5m", List("17", "a"), Watch("b 2s B"), Watch("5ms ^ m"))
            .Saw("0 live a", "0 live ab", "152007 live abm")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 152001", "watch from 25 at 152001 to 300000");

    [Fact]
    public void Silence_without_a_bookmark_ends_at_the_clients_own_cap() =>
        Run.Play("6m", List("17", "a"), Watch("b"), Watch("c"))
            .Saw("0 live a", "0 live ab", "330000 live abc")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 330000", "watch from 18 at 330000 to 360000");

    [Fact]
    public void A_disposed_connection_ends_an_open_watch_at_once() =>
        Assert.IsType<ObjectDisposedException>(
            Run.Play("5s", new Script
            {
                Responses = [List("17", "a"), Watch("^ 1500ms b 999ms |")],
                At = [("1s", c => c.Dispose())],
            }).Saw("0 live a", "1000 error").Asked("list at 0 to 0", "watch from 17 at 0 to 1000").Errors[^1]);

    [Fact]
    public void A_disposed_connection_ends_a_list_in_the_middle_of_its_body() =>
        Assert.IsType<ObjectDisposedException>(
            Run.Play("5s", new Script
            {
                Responses = [new("^ 1ms {", _ => Utf8("{"))],
                At = [("1s", c => c.Dispose())],
            }).Saw("1000 error").Asked("list at 0 to 1000").Errors[^1]);

    [Fact]
    public void A_disposed_connection_ends_a_watch_in_the_middle_of_an_event() =>
        Assert.IsType<ObjectDisposedException>(
            Run.Play("5s", new Script
            {
                Responses = [List("17", "a"), new("^ 1ms h", _ => Utf8(Lines['b'][..40]))],
                At = [("1s", c => c.Dispose())],
            }).Saw("0 live a", "1000 error").Asked("list at 0 to 0", "watch from 17 at 0 to 1000").Errors[^1]);

    [Fact]
    public void A_disposed_connection_ends_a_request_that_waits_for_its_answer() =>
        Run.Play("5s", new Script { Responses = [], At = [("1s", c => c.Dispose())] }).Saw("1000 error").Asked("list at 0 to 1000");
}
