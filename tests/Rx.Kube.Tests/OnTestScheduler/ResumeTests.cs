using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.OnTestScheduler;

public sealed class ResumeTests : ReactiveTest
{
    private const long Second = TimeSpan.TicksPerSecond;
    private const long Millisecond = TimeSpan.TicksPerMillisecond;

    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void A_watch_that_breaks_is_resumed_at_once_from_the_last_version()
    {
        var list = _scheduler.CreateColdObservable(
            OnNext(5 * Millisecond, new WatchEvent<string>.Listed(["cache-0"], "17")),
            OnCompleted<WatchEvent<string>.Listed>(5 * Millisecond));
        var broken = _scheduler.CreateColdObservable(
            OnNext(10 * Millisecond, WatchEvents.Opened<string>()),
            OnNext(1 * Second, WatchEvents.Added("cache-1", "18")),
            OnError<WatchEvent<string>>(2 * Second, new KubeTransportException("connection reset")));
        var next = _scheduler.CreateColdObservable(
            OnNext(10 * Millisecond, WatchEvents.Opened<string>()),
            OnNext(20 * Millisecond, WatchEvents.Added("cache-2", "19")));
        var server = new Server(list, broken, next);

        var seen = _scheduler.Start(
            () => server.Resume(ResumeOptions.WithoutJitter, _scheduler).Select(e => e.GetType().Name), disposed: 10 * Second);

        var watched = Subscribed + (5 * Millisecond);
        seen.Messages.AssertEqual(
            OnNext(watched, "Listed"),
            OnNext(watched + (1 * Second), "Added"),
            OnNext(watched + (2 * Second) + (20 * Millisecond) + 1, "Added"));    // what is due at once runs a tick later
        broken.Subscriptions.AssertEqual(Subscribe(watched, watched + (2 * Second)));
        next.Subscriptions.AssertEqual(Subscribe(watched + (2 * Second) + 1, 10 * Second));
        Assert.Equal(["17", "18"], server.Versions);
    }

    [Fact]
    public void A_server_that_cannot_be_reached_is_asked_less_and_less_often()
    {
        var list = _scheduler.CreateColdObservable(
            OnNext(0, new WatchEvent<string>.Listed([], "17")), OnCompleted<WatchEvent<string>.Listed>(0));
        var refused = _scheduler.CreateColdObservable(OnError<WatchEvent<string>>(0, new KubeTransportException("connection refused")));
        var server = new Server(list, refused, refused, refused, refused);

        _scheduler.Start(() => server.Resume(ResumeOptions.WithoutJitter, _scheduler), disposed: 10 * Second);

        var starts = refused.Subscriptions.Select(s => s.Subscribe / Millisecond);
        Assert.Equal([0, 800, 2400, 5600], starts);
    }

    /// <summary>A list, and one observable for each watch.</summary>
    private sealed class Server(IObservable<WatchEvent<string>.Listed> list, params IObservable<WatchEvent<string>>[] watches)
        : IWatchable<string>
    {
        public List<string> Versions { get; } = [];

        public IObservable<WatchEvent<string>.Listed> List(ListOptions options) => list;

        public IObservable<WatchEvent<string>> Watch(WatchOptions options) => Observable.Defer(() =>
        {
            Versions.Add(options.FromVersion);
            return watches[Versions.Count - 1];
        });
    }
}
