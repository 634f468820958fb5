using Rx.Kube.Tests.EndToEnd;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>Only the answers to the first list and the answer to the very first watch can end the stream.</summary>
public class LaterRefusalTests
{
    [Theory]
    [InlineData(401, "Unauthorized")]
    [InlineData(403, "Forbidden")]
    [InlineData(404, "NotFound")]
    [InlineData(422, "Protocol")]
    public void After_the_first_list_and_some_503s_a_refusal_before_a_watch_was_open_does_not_end_the_stream(int status, string kind) =>
        Run.Play("9s", List("17", "a"), Status(503, ""), Status(503, ""), Status(status, ""), Watch("b"))
            .Saw(
                "0 live a", "800 stale a ServerError +1600", $"2400 stale a {kind} +3200", "5600 live a",
                "5600 live ab");

    [Fact]
    public void A_403_later_is_stale_at_once_and_names_the_verb_and_the_Role()
    {
        const string Message = """endpointslices.discovery.k8s.io is forbidden: User "web" cannot watch resource""";
        var run = Run.Play("5s", List("17", "a"), Watch("^ 1999ms |"), Status(403, "Forbidden", Message), Watch(""))
            .Saw("0 live a", "2000 stale a Forbidden +800", "3800 live a");

        var refused = Assert.IsType<KubeForbiddenException>(Assert.Single(run.Errors));
        Assert.Equal("watch", refused.Permission.Verb);
        Assert.Contains("kind: Role", refused.Message, StringComparison.Ordinal);
        Assert.Contains("verbs: [\"list\", \"watch\"]", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "Unauthorized")]
    [InlineData(403, "Forbidden")]
    [InlineData(405, "Protocol")]
    public void A_relist_that_is_refused_is_retried(int status, string kind) =>
        Run.Play("9s", List("17", "a"), Watch("2s g"), Status(status, ""), List("30", "ac"), Watch(""))
            .Saw("0 live a", $"2000 stale a {kind} +800", "2800 live ac");

    [Fact]
    public void The_disposal_of_the_connection_ends_the_stream_at_once_in_a_wait_too()
    {
        var run = Run.Play("30m", new Script
        {
            Responses = [List("17", "a"), Watch("^ 1999ms |"), Status(429, "", retryAfter: "600")],
            At = [("2500ms", c => c.Dispose())],
        });

        Assert.Equal("2500 error", run.Log[^1]);
        Assert.IsType<ObjectDisposedException>(run.Errors[^1]);
        run.Asked("list at 0 to 0", "watch from 17 at 0 to 2000", "watch from 17 at 2000 to 2000");
    }
}
