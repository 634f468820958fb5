using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace UserTests;

/// <summary>The test of an application's own logic: after 30 s without the API server it stops writing, until the server is back.</summary>
public class ReconnectTests
{
    // The logic under test: writes are allowed while the snapshot is live, and for 30 s after.
    private static IObservable<bool> MayWrite(IObservable<ServiceTopology> cache, IScheduler clock) => cache
        .WhereSynced()
        .Select(topology => topology.Freshness.IsLive)
        .DistinctUntilChanged()
        .Select(live => live ? Observable.Return(true) : Observable.Return(false).Delay(TimeSpan.FromSeconds(30), clock))
        .Switch()
        .DistinctUntilChanged();

    [Theory]
    [InlineData("20s ^ 20s !", "w")]                    // reconnects after 24.8 s, with the next attempt: nothing happens
    [InlineData("20s ^ 1m !", "w 50799ms s 50599ms w")] // stale at 20.8 s, so read-only at 50.8 s; live 1 s after 100.4 s
    public void Writes_stop_after_half_a_minute_without_the_server(string outage, string expected)
    {
        var clock = new VirtualClock();
        var server = new ScriptedWatch<EndpointSlice>(clock, new Dictionary<char, WatchEvent<EndpointSlice>>
        {
            ['b'] = WatchEvents.Listed("17", Slice.Of("cache-abc", service: "cache").With("cache-0", "10.0.0.1")),
        })
        {
            Lists = ["(b|)"],
            Connections = ["^ 20s #", "^"],         // the first watch breaks, the second one opens after the outage
            Outages = [outage],
        };
        var cache = server.Resume(ResumeOptions.WithoutJitter, clock).ToTopology();

        clock.Expect(MayWrite(cache, clock), "^ 5m !").ToBe(expected, new Dictionary<char, bool> { ['w'] = true, ['s'] = false });
    }
}
