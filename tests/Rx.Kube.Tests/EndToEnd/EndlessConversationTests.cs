using Rx.Kube.Testing;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>A server that answers at once, and never brings the client further, is asked ever more slowly.</summary>
public sealed class EndlessConversationTests
{
    public static TheoryData<string> Servers => [.. _servers.Keys];

    private static readonly Dictionary<string, Func<ScriptedRequest, ScriptedResponse>> _servers = new()
    {
        ["watches that end at once"] = r => IsWatch(r) ? Watch("|") : List("17", "a"),
        ["watches that send one bookmark and end"] = r => IsWatch(r) ? Watch("B|") : List("17", "a"),
        ["410 for every watch"] = r => IsWatch(r) ? Status(410, "Expired") : List("17", "a"),
        ["410 in every watch"] = r => IsWatch(r) ? Watch("g") : List("17", "a"),
        ["429 with Retry-After: 0 for every request"] = _ => Status(429, "TooManyRequests", retryAfter: "0"),
        ["429 with Retry-After: 0 for every watch"] =
            r => IsWatch(r) ? Status(429, "TooManyRequests", retryAfter: "0") : List("17", "a"),
        ["tokens that have always expired"] = r => r.Query("continue") is null ? Page("17", "t", "a") : Status(410, "Expired"),
        ["pages of two states"] = r => r.Query("continue") is null ? Page("17", "t", "a") : Page("18", "", "b"),
        ["errors in every watch"] = r => IsWatch(r) ? Watch("e") : List("17", "a"),
        ["lists that are none"] = _ => ScriptedResponse.Of("{}"),
        ["redirects"] = _ => Status(302, "Found"),
    };

    [Theory]
    [MemberData(nameof(Servers))]
    public void It_is_asked_ever_more_slowly(string server)
    {
        var run = Run.Play("10m", new Script { Answer = r => _servers[server](r) });

        // 10 minutes have 20 waits of 30 s, the longest one without jitter; a failed list has at most 4 requests.
        Assert.InRange(run.Http.Requests.Count, 1, 110);
    }

    [Fact]
    public void A_flood_of_bookmarks_sends_no_request_and_emits_nothing() =>
        Run.Play("1s", List("17", "a"), Watch(new string('B', 900))).Saw("0 live a")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 1000");

    private static bool IsWatch(ScriptedRequest request) => request.Query("watch") is not null;
}
