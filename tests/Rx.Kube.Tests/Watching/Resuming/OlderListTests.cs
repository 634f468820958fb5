using Rx.Kube.Testing;
using Rx.Kube.Tests.EndToEnd;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>
/// The version of a list is compared with the one that was asked for: a server behind the others must not take the client back.
/// </summary>
public class OlderListTests
{
    [Fact]
    public void A_list_asked_for_not_older_than_1000_that_answers_900_is_refused_and_retried_at_the_most_recent() =>
        Run.Play("5s", List("1000", "ab"), Watch("2s g"), List("900", "a"), List("1001", "abc"), Watch(""))
            .Saw("0 live ab", "2000 live abc")
            .Asked(
                "list at 0 to 0", "watch from 1000 at 0 to 2000", "list not older than 1000 at 2000 to 2000", "list at 2000 to 2000",
                "watch from 1001 at 2000 to 5000");

    [Fact]
    public void A_most_recent_list_that_answers_900_too_is_adopted_as_went_back()
    {
        var clock = new VirtualClock();
        var server = new ScriptedWatch<string>(clock, key => WatchEvents.Listed(key == 'n' ? "1000" : "900", $"{key}"))
        {
            Lists = ["(n|)", "(o|)", "(p|)"],
            Connections = ["^ 2s #gone", ""],
        };
        var seen = new List<string>();
        using var subscription = server.Resume(ResumeRun.NoJitter, clock)
            .Subscribe(e => seen.Add(e is WatchEvent<string>.Listed l ? $"{l.ResourceVersion} {l.Items[0]} {l.Continuity}" : $"{e}"));
        clock.AdvanceTo(TimeSpan.FromSeconds(10));

        Assert.Equal(["1000 n First", "900 p WentBack"], seen);
        server.ToHaveBeenAsked(
            "list at 0 ms", "watch from 1000 at 0 ms", "list not older than 1000 at 2001 ms", "list at 2001 ms",
            "watch from 900 at 2001 ms");
    }

    [Fact]
    public void A_first_list_from_the_cache_may_have_any_version() =>
        Run.Play("1s", new Script
        {
            Responses = [List("17", "a"), Watch("")],
            Options = new Script().Options with { FirstListFromCache = true },
        }).Saw("0 live a").Asked("list not older than 0 at 0 to 0", "watch from 17 at 0 to 1000");
}
