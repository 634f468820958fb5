using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs.Guide;

public class RelistTests
{
    protected virtual
    // <relist>
    IObservable<string> Connections(IObservable<ServiceTopology> cache) => cache   // your handler
        .Where(t => t.Freshness.IsSynced)
        .Select(t => t.Members)
        .StartWith(MemberSet.Empty)
        .Buffer(2, 1)                                                              // before and now
        .SelectMany(m => m[0].Except(m[1]).Select(gone => $"close {gone}")
            .Concat(m[1].Except(m[0]).Select(added => $"open {added}")));

    [Fact]
    public void A_relist_closes_the_connection_of_the_lost_pod_and_touches_no_other()
    {
        var clock = new VirtualClock();
        var before = Slice.Of("cache-abc", service: "cache")
            .With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2").With("cache-2", "10.0.0.3");
        var server = new ScriptedWatch<EndpointSlice>(clock, new Dictionary<char, WatchEvent<EndpointSlice>>
        {
            ['b'] = WatchEvents.Listed("17", before),
            ['n'] = WatchEvents.Listed("90", before.At(88).Without("cache-1")),
        })
        {
            Lists = ["(b|)", "2s (n|)"],
            Connections = ["^ 9999ms #", "#gone", "^"],     // breaks after 10 s; version 17 is gone; then quiet
        };
        var cache = server.Resume(ResumeOptions.WithoutJitter, clock).ToTopology();

        clock.Expect(Connections(cache), "^ 1m !").ToBe("[012] 11999ms x", new Dictionary<char, string>
        {
            ['0'] = "open cache-0",
            ['1'] = "open cache-1",
            ['2'] = "open cache-2",
            ['x'] = "close cache-1",
        });
        server.ToHaveBeenAsked(
            "list at 0 ms", "watch from 17 at 0 ms", "watch from 17 at 10000 ms",
            "list not older than 17 at 10000 ms", "watch from 90 at 12000 ms");
    }
    // </relist>

    [Fact]
    public void One_that_takes_an_interruption_for_an_empty_service_is_found() =>
        GuidePage.ShowsHowItFails(
            "relist-fails", new TakesStaleForEmpty().A_relist_closes_the_connection_of_the_lost_pod_and_touches_no_other);

    [Fact]
    public void One_that_reopens_everything_is_found() =>
        GuidePage.Fails(
            "expected close cache-1 at 12000 ms, but close cache-0 came",
            new ReopensAll().A_relist_closes_the_connection_of_the_lost_pod_and_touches_no_other);

    [Fact]
    public void One_that_only_handles_deletion_events_is_found() =>
        GuidePage.Fails(
            "expected close cache-1 at 12000 ms, but nothing more came",
            new ClosesWhatItSaw().A_relist_closes_the_connection_of_the_lost_pod_and_touches_no_other);

    private sealed class TakesStaleForEmpty : RelistTests
    {
        protected override IObservable<string> Connections(IObservable<ServiceTopology> cache) => base.Connections(
            cache.Select(t => t.Freshness.IsLive ? t : NoMembers));

        private static ServiceTopology NoMembers =>
            Observable.Return(WatchEvents.Listed<EndpointSlice>("1")).ToTopology().Wait();
    }

    private sealed class ReopensAll : RelistTests
    {
        protected override IObservable<string> Connections(IObservable<ServiceTopology> cache) => cache
            .Select(t => t.Members).DistinctUntilChanged().StartWith(MemberSet.Empty).Buffer(2, 1)
            .SelectMany(m => m[0].Select(gone => $"close {gone}").Concat(m[1].Select(added => $"open {added}")));
    }

    private sealed class ClosesWhatItSaw : RelistTests
    {
        protected override IObservable<string> Connections(IObservable<ServiceTopology> cache) => cache
            .Scan((Before: (ServiceTopology?)null, Now: (ServiceTopology?)null), (s, t) => (s.Now, t))
            .Select(s => s.Now!.DiffFrom(s.Before))
            .SelectMany(d => d.Removed.Where(c => !c.Inferred).Select(c => $"close {c.Member}")
                .Concat(d.Added.Select(c => $"open {c.Member}")));
    }
}
