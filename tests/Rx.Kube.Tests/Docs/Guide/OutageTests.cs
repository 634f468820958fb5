using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs.Guide;

public class OutageTests
{
    protected virtual
    // <outage>
    IObservable<string> Status(IWatchable<EndpointSlice> server, IScheduler clock) => server   // your health page
        .Resume(ResumeOptions.WithoutJitter, clock)
        .ToTopology()
        .DistinctUntilChanged()
        .Select(t => t.Freshness is Freshness.Stale { Interruption: var lost }
            ? $"{t.Members} as of {lost.Since:mm:ss} ({lost.Kind})"
            : $"{t.Members}");

    [Fact]
    public void For_five_minutes_without_a_server_the_last_state_stays_and_then_all_changes_are_there()
    {
        var clock = new VirtualClock();
        var before = Slice.Of("cache-abc", service: "cache").With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2");
        var server = new ScriptedWatch<EndpointSlice>(clock, new Dictionary<char, WatchEvent<EndpointSlice>>
        {
            ['b'] = WatchEvents.Listed("17", before),
            ['B'] = WatchEvents.Bookmark<EndpointSlice>("20"),
            ['n'] = before.At(42).Without("cache-1").With("cache-2", "10.0.0.3").Modified(),
        })
        {
            Lists = ["(b|)"],
            Connections = ["9s B", "n"],       // a bookmark until it breaks; then the changes since version 20
            Outages = ["10s ^ 5m !"],
        };

        clock.Expect(Status(server, clock), "^ 6m !").ToBe("b 10799ms s 319599ms [bn]", new Dictionary<char, string>
        {
            ['b'] = "cache-0, cache-1",
            ['s'] = "cache-0, cache-1 as of 00:09 (Unreachable)",
            ['n'] = "cache-0, cache-2",
        });
        Assert.Equal(
            [0, 10_000, 10_800, 12_400, 15_600, 22_000, 34_800, 60_400,             // at once, after 0.8 s, … 25.6 s
                90_400, 120_400, 150_400, 180_400, 210_400, 240_400, 270_400, 300_400, 330_400],    // every 30 s
            server.Requests.Where(r => r.Watch is not null).Select(r => r.Frame));
    }
    // </outage>

    [Fact]
    public void One_that_shows_only_live_snapshots_is_found() =>
        GuidePage.ShowsHowItFails(
            "outage-fails", new OnlyWhatIsLive().For_five_minutes_without_a_server_the_last_state_stays_and_then_all_changes_are_there);

    [Fact]
    public void One_that_lists_again_after_each_break_is_found() =>
        GuidePage.Fails(
            "but nothing more came",
            new ListsAgain().For_five_minutes_without_a_server_the_last_state_stays_and_then_all_changes_are_there);

    [Fact]
    public void One_that_retries_every_two_seconds_is_found() =>
        GuidePage.Fails(
            "at 330400 ms, but", new AsksOften().For_five_minutes_without_a_server_the_last_state_stays_and_then_all_changes_are_there);

    private sealed class OnlyWhatIsLive : OutageTests
    {
        protected override IObservable<string> Status(IWatchable<EndpointSlice> server, IScheduler clock) => server
            .Resume(ResumeOptions.WithoutJitter, clock).ToTopology().DistinctUntilChanged()
            .Where(t => t.Freshness.IsLive).Select(t => $"{t.Members}");
    }

    private sealed class ListsAgain : OutageTests
    {
        protected override IObservable<string> Status(IWatchable<EndpointSlice> server, IScheduler clock) => server.List()
            .SelectMany(l => server.Watch(l.ResourceVersion).StartWith(l))
            .Catch((Exception _) => Observable.Timer(TimeSpan.FromSeconds(1), clock)
                .SelectMany(_ => Observable.Empty<WatchEvent<EndpointSlice>>()))
            .Repeat().ToTopology().DistinctUntilChanged().Select(t => $"{t.Members}");
    }

    private sealed class AsksOften : OutageTests
    {
        protected override IObservable<string> Status(IWatchable<EndpointSlice> server, IScheduler clock) => server
            .Resume(ResumeOptions.WithoutJitter with { Backoff = new() { Max = TimeSpan.FromSeconds(2) } }, clock)
            .ToTopology().DistinctUntilChanged()
            .Select(t => t.Freshness is Freshness.Stale { Interruption: var lost }
                ? $"{t.Members} as of {lost.Since:mm:ss} ({lost.Kind})"
                : $"{t.Members}");
    }
}
