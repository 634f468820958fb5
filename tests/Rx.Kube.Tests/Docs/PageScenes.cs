using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Rx.Kube.Tests.Docs;

/// <summary>What the diagrams of the pages need around an operator.</summary>
internal static class PageScenes
{
    /// <summary>What the second subscriber of a stream receives, if it comes later than the first.</summary>
    public static IObservable<T> ForASubscriberThatComesAfter<T>(this IObservable<T> stream, TimeSpan time, IScheduler clock) =>
        Observable.Create<T>(observer => StableCompositeDisposable.Create(
            stream.Subscribe(_ => { }),
            stream.DelaySubscription(time, clock).Subscribe(observer)));
}

/// <summary>A thread that needs some time for each action.</summary>
internal sealed class BusyScheduler(TimeSpan time, IScheduler clock) : IScheduler
{
    private DateTimeOffset _isFreeAt;

    public DateTimeOffset Now => clock.Now;

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
        clock.Schedule(state, Now < _isFreeAt ? _isFreeAt - Now : TimeSpan.Zero, (_, its) =>
        {
            _isFreeAt = Now + time;
            return action(this, its);
        });

    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        throw new NotSupportedException();

    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        throw new NotSupportedException();
}
