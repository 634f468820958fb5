using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>
/// What a snapshot tells of the stream behind it: how its list continues the state before, and when the server was last heard.
/// </summary>
public class SnapshotEvidenceTests
{
    private static readonly ServiceName _cache = new("default", "cache");

    private readonly VirtualClock _clock = new();

    [Fact]
    public void Snapshots_after_a_restore_say_that_the_state_went_back_and_have_its_version()
    {
        var stream = Slices(["(m|)", "(l|)"], ["10s a", ""]);
        var seen = new List<string>();
        using var topologies = stream.ToTopology(_cache).Subscribe(t => seen.Add($"{t.Version} {t.Continuity}"));
        _clock.AdvanceTo(TimeSpan.FromSeconds(20));

        Assert.Equal(["40 First", "17 WentBack"], seen);
    }

    [Fact]
    public void Snapshots_after_a_relist_say_so()
    {
        var stream = Slices(["(l|)", "(m|)"], ["a 10s #gone", ""]).Publish();
        var (services, clusters, stores) = (new List<Continuity>(), new List<Continuity>(), new List<Continuity>());
        using var service = stream.ToTopology(_cache).Subscribe(t => services.Add(t.Continuity));
        using var cluster = stream.ToClusterTopology().Subscribe(t => clusters.Add(t.Continuity));
        using var store = stream.ToStore().Subscribe(t => stores.Add(t.Continuity));
        using var connection = stream.Connect();
        _clock.AdvanceTo(TimeSpan.FromSeconds(20));

        Assert.Equal([Continuity.First, Continuity.First, Continuity.Relisted], services);
        Assert.Equal(services, clusters);
        Assert.Equal(services, stores);
    }

    [Fact]
    public void The_evidence_of_a_snapshot_moves_while_the_snapshot_stays_the_same()
    {
        ServiceTopology? last = null;
        var count = 0;
        using var subscription = Slices(["(l|)"], ["10s N 10s N"]).ToTopology(_cache).Subscribe(t =>
        {
            last = t;
            count++;
        });
        _clock.AdvanceTo(TimeSpan.FromSeconds(9));
        var before = last!;
        Assert.Equal(TimeSpan.FromSeconds(9), before.Evidence.Age);

        _clock.AdvanceTo(TimeSpan.FromSeconds(12));
        Assert.Equal(TimeSpan.FromSeconds(2), before.Evidence.Age);
        Assert.Equal((1, before), (count, last));

        _clock.AdvanceTo(TimeSpan.FromSeconds(60));
        Assert.Equal(TimeSpan.FromMilliseconds(60_000 - 20_001), before.Evidence.Age);
    }

    [Fact]
    public void A_snapshot_that_comes_from_no_resumed_stream_has_no_evidence()
    {
        var topology = Observable.Return(WatchEvents.Listed("17", Slice.Of("a", service: "cache", version: 10)))
            .ToTopology(_cache).Wait();

        Assert.Null(topology.Evidence.Age);
        Assert.Null(topology.Evidence.LastReceived);
    }

    private IObservable<WatchEvent<EndpointSlice>> Slices(string[] lists, string[] connections) =>
        ScriptedCollection.Of(_clock, lists, connections).Server.Resume(ResumeRun.NoJitter, _clock);
}
