using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// Adds <see cref="WatchEvent{T}.Resumed"/> to the first watch after an interruption: before its first event, or when it has been open for
/// a while. An open watch alone proves nothing, because a server opens it before it reports that the version is gone.
/// </summary>
internal sealed class ResumedSignal<T> : IObserver<WatchEvent<T>>
{
    private readonly SerialGate<WatchEvent<T>> _gate;
    private readonly TimeSpan _openFor;
    private readonly IScheduler _scheduler;
    private readonly SerialDisposable _timer;
    private int _isProven;

    private ResumedSignal(IObserver<WatchEvent<T>> observer, TimeSpan openFor, IScheduler scheduler) =>
        (_gate, _openFor, _scheduler, _timer) = (new SerialGate<WatchEvent<T>>(observer), openFor, scheduler, new SerialDisposable());

    /// <summary>Adds the signal to a watch.</summary>
    /// <param name="watch">The watch.</param>
    /// <param name="openFor">How long the watch must be open without an event.</param>
    /// <param name="scheduler">The clock.</param>
    public static IObservable<WatchEvent<T>> Create(IObservable<WatchEvent<T>> watch, TimeSpan openFor, IScheduler scheduler) =>
        Observable.Create<WatchEvent<T>>(observer =>
        {
            var signal = new ResumedSignal<T>(observer, openFor, scheduler);
            return StableCompositeDisposable.Create(watch.SubscribeSafe(signal), signal._timer);
        });

    public void OnNext(WatchEvent<T> value)
    {
        if (value is WatchEvent<T>.Opened)
        {
            _timer.Disposable = _scheduler.Schedule(_openFor, Prove);
        }
        else
        {
            Prove();
        }

        _gate.OnNext(value);
    }

    public void OnError(Exception error)
    {
        _timer.Dispose();
        _gate.OnError(error);
    }

    public void OnCompleted()
    {
        _timer.Dispose();
        _gate.OnCompleted();
    }

    private void Prove()
    {
        if (Interlocked.Exchange(ref _isProven, 1) == 0)
        {
            _timer.Dispose();
            _gate.OnNext(new WatchEvent<T>.Resumed());
        }
    }
}
