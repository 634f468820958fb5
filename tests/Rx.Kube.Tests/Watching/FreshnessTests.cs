using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching;

/// <summary>What a status line needs, from the freshness alone.</summary>
public sealed class FreshnessTests
{
    [Fact]
    public void It_has_the_failed_attempts_and_the_age_of_the_last_sign_of_life()
    {
        var clock = new VirtualClock();
        var server = new ScriptedWatch<EndpointSlice>(clock, new Dictionary<char, WatchEvent<EndpointSlice>>
        {
            ['l'] = WatchEvents.Listed("17", Slice.Of("a", "cache")),
        })
        {
            Lists = ["#unreachable", "(l|)"],
            Connections = ["5s #unreachable", "#unreachable", "#unreachable", "^"],
        };
        var seen = new List<(Freshness Freshness, TimeSpan? Age)>();
        using var subscription = server.Resume(ResumeRun.LongWaits, clock).ToTopology()
            .Subscribe(t => seen.Add((t.Freshness, t.Freshness.Age)));

        clock.AdvanceTo(TimeSpan.FromSeconds(3));
        Assert.Equal(["syncing 1", "live 0"], seen.Select(s => $"{s.Freshness} {s.Freshness.FailedAttempts}"));
        Assert.Null(seen[0].Age); // the server had not been heard yet
        Assert.Equal(TimeSpan.FromSeconds(1), seen[^1].Freshness.Age);
        clock.AdvanceTo(TimeSpan.FromSeconds(60));
        Assert.Equal(
            ["syncing 1", "live 0", "stale 1", "stale 2", "stale 3", "live 0"],
            seen.Select(s => $"{s.Freshness} {s.Freshness.FailedAttempts}"));

        // In the outage, the age grows from the last sign of life, before the first attempt that failed.
        Assert.Equal([null, 0, 5, 9, 17, 1], seen.Select(s => s.Age?.TotalSeconds));
        var stale = seen.Last(s => s.Freshness is Freshness.Stale).Freshness;
        Assert.Equal(stale, stale with { Evidence = WatchEvidence.None });
    }
}
