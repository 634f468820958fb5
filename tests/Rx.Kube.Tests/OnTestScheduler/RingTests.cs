using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.OnTestScheduler;

public sealed class RingTests : ReactiveTest
{
    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void A_ring_is_emitted_for_a_join_and_a_leave_and_for_nothing_else()
    {
        var two = Slice.Of("cache-abc", service: "cache").With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2");
        var events = _scheduler.CreateHotObservable(
            OnNext(210, WatchEvents.Listed("1", two)),
            OnNext(220, two.At(2).With("cache-1", "10.0.0.2", ready: false).Modified()),
            OnNext(230, two.At(3).With("cache-1", "10.0.0.9").Modified()),
            OnNext(240, two.At(4).With("cache-2", "10.0.0.3").Modified()),
            OnNext(250, two.At(5).Without("cache-0").Modified()));

        var seen = _scheduler.Start(() => events.ToTopology().ToHashRing().Select(ring => string.Join(' ', ring.Members)));

        seen.Messages.AssertEqual(
            OnNext(210, "cache-0 cache-1"),
            OnNext(240, "cache-0 cache-1 cache-2"),
            OnNext(250, "cache-1"));
    }
}
