using System.Globalization;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.Watching.ResumeRun;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>A version that is gone again and again must not cost a list a second; progress is versions reached over some time.</summary>
public class RepeatedExpiryTests
{
    private const long TenMinutes = 600_000;

    [Theory]
    [InlineData("M 1100ms #gone")]
    [InlineData("^ 1100ms #gone")]
    [InlineData("^ 5m #gone", 3)]
    public void Watches_that_live_a_while_and_then_report_410_cost_at_most_40_lists_in_ten_minutes(string watch, int atMost = 40)
    {
        var run = Play([.. Enumerable.Repeat("(m|)", 600)], [.. Enumerable.Repeat(watch, 600)], TenMinutes);

        Assert.InRange(run.Server.Requests.Count(r => r.List is not null), 2, atMost);
    }

    [Theory]
    [InlineData("b 1100ms #gone", 40)]
    [InlineData("b 9s #gone", 40)]
    [InlineData("b 11s #gone", 60)]
    public void Bookmarks_that_move_count_only_after_ten_seconds(string watch, int atMost)
    {
        var (clock, list, bookmark) = (new VirtualClock(), 0, 0);
        string Version(int number) => number.ToString(CultureInfo.InvariantCulture);
        var server = new ScriptedWatch<string>(clock, key => key == 'l'
            ? WatchEvents.Listed(Version(++list * 10), "x")
            : WatchEvents.Bookmark<string>(Version((++bookmark * 10) + 5)))
        {
            Lists = [.. Enumerable.Repeat("(l|)", 600)],
            Connections = [.. Enumerable.Repeat(watch, 600)],
        };
        using (server.Resume(NoJitter, clock).Subscribe(_ => { }))
        {
            clock.AdvanceTo(TimeSpan.FromMilliseconds(TenMinutes));
        }

        Assert.InRange(server.Requests.Count(r => r.List is not null), 2, atMost);
    }

    [Fact]
    public void Expiries_that_come_minutes_apart_are_each_the_first_one()
    {
        var run = Play([.. Enumerable.Repeat("(m|)", 20)], [.. Enumerable.Repeat("^ 5m #gone", 20)], 3_600_000);

        Assert.Equal(12, run.Log.Count);
        Assert.All(run.Log, l => Assert.EndsWith("Listed 30", l, StringComparison.Ordinal));
    }
}
