using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.OnTestScheduler;

/// <summary>Operators on the snapshots of a Service: those of Rx, and those of Rx.Kube.</summary>
public sealed class TopologyTests : ReactiveTest
{
    private const long Second = TimeSpan.TicksPerSecond;

    private static readonly EndpointSlice _one = Slice.Of("cache-abc", service: "cache").With("cache-0", "10.0.0.1");
    private static readonly EndpointSlice _two = _one.At(2).With("cache-1", "10.0.0.2");
    private static readonly EndpointSlice _moved = _two.At(3).With("cache-1", "10.0.0.9");

    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void Throttle_waits_until_a_service_has_been_quiet()
    {
        var events = _scheduler.CreateHotObservable(
            OnNext(1 * Second, WatchEvents.Listed("1", _one)),
            OnNext(2 * Second, _two.Modified()),
            OnNext(9 * Second, _one.At(4).Modified()));

        var seen = _scheduler.Start(
            () => events.ToTopology().Throttle(TimeSpan.FromSeconds(3), _scheduler).Select(t => $"{t.Members}"), disposed: 60 * Second);

        seen.Messages.AssertEqual(
            OnNext(5 * Second, "cache-0, cache-1"),
            OnNext(12 * Second, "cache-0"));
    }

    [Fact]
    public void DistinctUntilChanged_passes_a_join_and_ignores_a_new_address()
    {
        var events = _scheduler.CreateHotObservable(
            OnNext(1 * Second, WatchEvents.Listed("1", _one)),
            OnNext(2 * Second, _two.Modified()),
            OnNext(3 * Second, _moved.Modified()),
            OnNext(4 * Second, WatchEvents.Listed("9", _moved)));

        var seen = _scheduler.Start(
            () => events.ToTopology().Select(t => t.Members).DistinctUntilChanged().Select(m => $"{m}"), disposed: 60 * Second);

        seen.Messages.AssertEqual(
            OnNext(1 * Second, "cache-0"),
            OnNext(2 * Second, "cache-0, cache-1"));
    }

    [Fact]
    public void Settle_does_not_wait_longer_than_its_limit()
    {
        // The address of cache-1 changes every second.
        var events = _scheduler.CreateHotObservable(
            [.. Enumerable.Range(1, 20).Select(i => OnNext(i * Second, _one.At(i).With("cache-1", $"10.0.1.{i}").Added()))]);

        var seen = _scheduler.Start(
            () => events.ToTopology()
                .Settle(quiet: TimeSpan.FromSeconds(2), atMost: TimeSpan.FromSeconds(8), _scheduler)
                .Select(t => t.Endpoints[1].Address),
            disposed: 60 * Second);

        seen.Messages.AssertEqual(
            OnNext(9 * Second, "10.0.1.9"),
            OnNext(18 * Second, "10.0.1.18"),
            OnNext(22 * Second, "10.0.1.20"));      // quiet at last
    }

    // <test-scheduler>
    [Fact]
    public void HoldDepartures_keeps_a_restarting_pod_and_drops_one_that_stays_away()
    {
        var events = _scheduler.CreateHotObservable(
            OnNext(1 * Second, WatchEvents.Listed("1", _two)),
            OnNext(10 * Second, _one.At(10).Modified()),        // cache-1 restarts …
            OnNext(30 * Second, _two.At(11).Modified()),        // … and is back
            OnNext(100 * Second, _one.At(12).Modified()));      // cache-1 is removed

        var seen = _scheduler.Start(
            () => events.ToTopology()
                .HoldDepartures(TimeSpan.FromSeconds(60), _scheduler)
                .DistinctUntilMembersChanged()
                .Select(t => $"{t.Members}"),
            disposed: 600 * Second);

        seen.Messages.AssertEqual(
            OnNext(1 * Second, "cache-0, cache-1"),
            OnNext(160 * Second, "cache-0"));
    }
    // </test-scheduler>
}
