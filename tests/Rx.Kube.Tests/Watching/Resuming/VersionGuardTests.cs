using Rx.Kube.Testing;
using static Rx.Kube.Tests.Watching.ResumeRun;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>What an event may do to the version that a stream has reached. Versions are ordered only if both are decimals.</summary>
public class VersionGuardTests
{
    [Theory]
    [InlineData("18", "19", "passed", "19")]
    [InlineData("9", "10", "passed", "10")]
    [InlineData("18", "18", "dropped", "18")]
    [InlineData("18", "17", "ends", "18")]
    [InlineData("100", "99", "ends", "100")]
    [InlineData("18", "b-1", "passed", "b-1")]
    [InlineData("b-2", "b-1", "passed", "b-1")]
    [InlineData("b-2", "b-2", "dropped", "b-2")]
    public void An_event_is_passed_on_dropped_or_ends_the_watch(string reached, string version, string expected, string next)
    {
        var guard = From(reached);

        Assert.Equal(expected, Outcome(guard, WatchEvents.Added("x", version)));
        Assert.Equal(next, guard.Version);
    }

    [Theory]
    [InlineData("19", "passed", "19")]
    [InlineData("18", "passed", "18")]
    [InlineData("17", "ends", "18")]
    public void A_bookmark_at_the_version_reached_is_passed_on(string version, string expected, string next)
    {
        var guard = From("18");

        Assert.Equal(expected, Outcome(guard, WatchEvents.Bookmark<string>(version)));
        Assert.Equal(next, guard.Version);
    }

    /// <summary>The versions of a source other than a connection are checked as those from the wire are.</summary>
    [Theory]
    [InlineData("0")]
    [InlineData("")]
    [InlineData("1 9")]
    [InlineData("1\n9")]
    public void A_version_that_is_none_is_not_watched_from(string version)
    {
        var clock = new VirtualClock();
        var server = new ScriptedWatch<string>(
            clock, key => key == 'l' ? WatchEvents.Listed("17", "x") : WatchEvents.Bookmark<string>(version))
        {
            Lists = ["(l|)", "(l|)"],
            Connections = ["2s B 2s |", ""],
        };
        using (server.Resume(NoJitter, clock).Subscribe(_ => { }))
        {
            clock.AdvanceTo(TimeSpan.FromSeconds(10));
        }

        server.ToHaveBeenAsked(
            "list at 0 ms", "watch from 17 at 0 ms", "list not older than 17 at 2800 ms", "watch from 17 at 2800 ms");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("")]
    public void A_list_without_a_version_is_not_adopted(string version)
    {
        var clock = new VirtualClock();
        var server = new ScriptedWatch<string>(clock, _ => WatchEvents.Listed(version, "x")) { Lists = ["(l|)", "(l|)"], Connections = [] };
        var seen = new List<WatchEvent<string>>();
        using (server.Resume(NoJitter, clock).Subscribe(seen.Add))
        {
            clock.AdvanceTo(TimeSpan.FromSeconds(2));
        }

        Assert.All(seen, e => Assert.Equal(
            InterruptionKind.Protocol, Assert.IsType<WatchEvent<string>.Interrupted>(e).Interruption.Kind));
        server.ToHaveBeenAsked("list at 0 ms", "list at 800 ms");
    }

    private static VersionGuard From(string version)
    {
        var guard = new VersionGuard(ResumeRules.Default);
        guard.StartFrom(version);
        return guard;
    }

    private static string Outcome(VersionGuard guard, WatchEvent<string> next)
    {
        try
        {
            return guard.Accepts(next) ? "passed" : "dropped";
        }
        catch (AttemptEndedException e)
        {
            return e.End.Kind == EndKind.WentBack ? "ends" : "?";
        }
    }
}
