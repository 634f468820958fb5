using Microsoft.Reactive.Testing;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.OnTestScheduler;

public sealed class SilenceTests : ReactiveTest
{
    private const long Second = TimeSpan.TicksPerSecond;

    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void A_watch_that_falls_silent_after_a_bookmark_fails()
    {
        var watch = _scheduler.CreateHotObservable(
            OnNext(10 * Second, WatchEvents.Added("cache-0", "18")),
            OnNext(60 * Second, WatchEvents.Bookmark<string>("25")),
            OnNext(120 * Second, WatchEvents.Added("cache-1", "26")));

        var seen = _scheduler.Start(
            () => watch.TimeoutOnceBookmarked(TimeSpan.FromSeconds(90), scheduler: _scheduler), disposed: 600 * Second);

        seen.Messages.AssertEqual(
            OnNext(10 * Second, WatchEvents.Added("cache-0", "18")),
            OnNext(60 * Second, WatchEvents.Bookmark<string>("25")),
            OnNext(120 * Second, WatchEvents.Added("cache-1", "26")),
            OnError<WatchEvent<string>>(210 * Second, error => error is WatchSilentException));
        watch.Subscriptions.AssertEqual(Subscribe(Subscribed, 210 * Second));
    }

    [Fact]
    public void A_watch_without_bookmarks_may_be_silent()
    {
        var watch = _scheduler.CreateHotObservable(OnNext(10 * Second, WatchEvents.Added("cache-0", "18")));

        var seen = _scheduler.Start(
            () => watch.TimeoutOnceBookmarked(TimeSpan.FromSeconds(90), scheduler: _scheduler), disposed: 600 * Second);

        seen.Messages.AssertEqual(OnNext(10 * Second, WatchEvents.Added("cache-0", "18")));
        watch.Subscriptions.AssertEqual(Subscribe(Subscribed, 600 * Second));
    }
}
