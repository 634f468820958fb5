using Rx.Kube.Testing;
using static Rx.Kube.Tests.Watching.ResumeRun;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>A server whose etcd was restored from a backup: its versions go back, and its history is another one.</summary>
public class RestoredServerTests
{
    [Fact]
    public void An_event_below_the_version_reached_leads_to_a_list_that_is_adopted_as_went_back()
    {
        var run = Play(["(l|)", "(e|)"], ["B 10s a", ""], until: 60_000);

        run.Saw("0 Listed 17", "0 Bookmark 25", "10001 Listed 3");
        run.Server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 0 ms", "list at 10001 ms", "watch from 3 at 10001 ms");
        Assert.Equal([Continuity.First, Continuity.WentBack], Continuities(run));
    }

    [Fact]
    public void A_bookmark_below_the_version_reached_leads_to_a_list_that_is_adopted_as_went_back()
    {
        var run = Play(["(m|)", "(l|)"], ["c 10s B", ""], until: 60_000);

        run.Saw("0 Listed 30", "0 Added c@31", "10001 Listed 17");
        Assert.Equal([Continuity.First, Continuity.WentBack], Continuities(run));
    }

    [Fact]
    public void A_version_that_went_back_is_not_used_again()
    {
        var run = Play(["(m|)", "(l|)"], ["c 10s B", "a 10s |", ""], until: 60_000);

        Assert.Equal(["30", "17", "18"], run.Server.Requests.Where(r => r.Watch is not null).Select(r => r.Version));
    }

    [Fact]
    public void A_list_of_a_higher_version_after_events_in_the_wrong_order_is_a_relist_and_nothing_went_back()
    {
        var run = Play(["(l|)", "(m|)"], ["b-a", ""], until: 60_000);

        run.Saw("0 Listed 17", "0 Added b@19", "2 Listed 30");
        Assert.Equal([Continuity.First, Continuity.Relisted], Continuities(run));
    }

    [Fact]
    public void A_silent_watch_of_a_restored_server_is_noticed_within_45_minutes()
    {
        var random = new Random(20261128);
        for (var i = 0; i < 50; i++)
        {
            var clock = new VirtualClock();
            var server = ScriptedCollection.Of(clock, ["(m|)", "(l|)", "(l|)"], ["", ""]);
            var log = server.Play(clock, "46m", new()
            {
                WatchTimeout = TimeSpan.FromDays(1),
                StreamingLists = false,
                Random = RandomSource.Seeded(random.Next()),
            });

            Assert.EndsWith("listed 17: a@10 b@10 (WentBack)", log[^1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_restored_server_that_closes_its_watches_is_noticed_a_minute_later()
    {
        var clock = new VirtualClock();
        var server = ScriptedCollection.Of(clock, ["(m|)", "(l|)", "(l|)"], ["^ 9999ms |", "", ""]);

        var log = server.Play(clock, "5m", ResumeOptions.WithoutJitter with { StreamingLists = false });

        Assert.Equal(["0 listed 40: c@38", "70000 listed 17: a@10 b@10 (WentBack)"], log);
    }

    private static IEnumerable<Continuity> Continuities(ResumeRun run) =>
        run.Events.OfType<WatchEvent<string>.Listed>().Select(e => e.Continuity);
}
