using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs.Guide;

public class SlowConsumerTests
{
    protected virtual
    // <slow>
    IObservable<TResult> HandleLatest<T, TResult>(IObservable<T> source, Func<T, IObservable<TResult>> handle) =>
        Observable.Defer(() =>
        {
            var free = new BehaviorSubject<bool>(true);
            return source
                .Throttle(_ => free.Where(isFree => isFree))      // keeps the latest until the handler is free
                .Select(value => Observable.Defer(() =>
                {
                    free.OnNext(false);
                    return handle(value).Finally(() => free.OnNext(true));
                }))
                .Concat();
        });

    [Fact]
    public void A_slow_handler_is_given_the_latest_and_never_falls_behind()
    {
        var clock = new VirtualClock();
        var changes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX";
        var fiveSeconds = clock.Cold(string.Concat(changes.Select(change => $"{change} 99ms ")));

        var handled = HandleLatest(fiveSeconds, change => Observable.Timer(TimeSpan.FromSeconds(2), clock).Select(_ => change));

        clock.Expect(handled, "^ 9s !").ToBe("2s a 1999ms u 1999ms O 1999ms X");
    }
    // </slow>

    [Fact]
    public void One_handler_runs_at_a_time_and_its_exception_is_the_error_of_the_stream()
    {
        var clock = new VirtualClock();
        var (running, most) = (0, 0);
        var serial = HandleLatest(clock.Cold("abc|"), change => Observable.Defer(() =>
        {
            most = Math.Max(most, ++running);
            return Observable.Timer(TimeSpan.FromMilliseconds(10), clock).Select(_ => change).Finally(() => running--);
        }));
        var failing = HandleLatest(clock.Cold("a-b"), change => clock.Cold("---#").Select(_ => change));

        var all = clock.Expect(serial);
        var failed = clock.Expect(failing);
        all.ToBe("10ms a 9ms (c|)");
        failed.ToBe("---#");
        Assert.Equal((0, 1), (running, most));
    }

    [Fact]
    public void A_queue_is_found() =>
        GuidePage.ShowsHowItFails("slow-fails", new Queue().A_slow_handler_is_given_the_latest_and_never_falls_behind);

    [Fact]
    public void A_handler_that_every_change_cancels_is_found() =>
        GuidePage.Fails("expected a at 2000 ms, but", new Cancelled().A_slow_handler_is_given_the_latest_and_never_falls_behind);

    [Fact]
    public void Concurrent_handlers_are_found() =>
        GuidePage.Fails("but b came at 2100 ms", new AllAtOnce().A_slow_handler_is_given_the_latest_and_never_falls_behind);

    private sealed class Queue : SlowConsumerTests
    {
        protected override IObservable<TResult> HandleLatest<T, TResult>(IObservable<T> source, Func<T, IObservable<TResult>> handle) =>
            source.Select(handle).Concat();
    }

    private sealed class Cancelled : SlowConsumerTests
    {
        protected override IObservable<TResult> HandleLatest<T, TResult>(IObservable<T> source, Func<T, IObservable<TResult>> handle) =>
            source.Select(handle).Switch();
    }

    private sealed class AllAtOnce : SlowConsumerTests
    {
        protected override IObservable<TResult> HandleLatest<T, TResult>(IObservable<T> source, Func<T, IObservable<TResult>> handle) =>
            source.SelectMany(handle);
    }
}
