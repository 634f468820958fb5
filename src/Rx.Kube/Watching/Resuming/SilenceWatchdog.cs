using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// Finds dead connections that look open: implements <see cref="KubeObservable.TimeoutOnceBookmarked"/>. One timer checks, when it fires,
/// when the last event came; Rx's Timeout would set one for every event.
/// </summary>
internal sealed class SilenceWatchdog<T> : IObserver<WatchEvent<T>>
{
    private readonly IObserver<WatchEvent<T>> _observer;
    private readonly TimeSpan _silence;
    private readonly WatchEvidence? _evidence;
    private readonly IStopwatch _clock;
    private readonly RecheckTimer _timer;
    private readonly Lock _gate = new();
    private TimeSpan _lastEvent;
    private bool _isArmed;
    private bool _armsAtOpened;
    private bool _isOver;

    // How many calls of OnNext are under way: a source may call again from inside one.
    private int _calls;

    private SilenceWatchdog(IObserver<WatchEvent<T>> observer, TimeSpan silence, WatchEvidence? evidence, IScheduler scheduler)
    {
        (_observer, _silence, _evidence) = (observer, silence, evidence);
        (_clock, _timer) = (scheduler.StartStopwatch(), new RecheckTimer(scheduler, Recheck));
    }

    public static IObservable<WatchEvent<T>> Create(
        IObservable<WatchEvent<T>> watch, TimeSpan silence, bool armed, IScheduler scheduler) =>
        Observable.Create<WatchEvent<T>>(observer =>
            new SilenceWatchdog<T>(observer, silence, evidence: null, scheduler).Connect(watch, armed, fromOpened: false));

    /// <summary>
    /// The form in which bytes count as well as events, and in which an armed watch is silent only once it is open: a proxy may hold its
    /// headers back until the first event.
    /// </summary>
    public static IObservable<WatchEvent<T>> Create(
        IObservable<WatchEvent<T>> watch, TimeSpan silence, bool armed, WatchEvidence evidence, IScheduler scheduler) =>
        Observable.Create<WatchEvent<T>>(observer =>
            new SilenceWatchdog<T>(observer, silence, evidence, scheduler).Connect(watch, armed, fromOpened: true));

    public void OnNext(WatchEvent<T> value)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _calls++;
        }

        _observer.OnNext(value);
        var arms = false;
        lock (_gate)
        {
            _calls--;
            _lastEvent = _clock.Elapsed;
            if (!_isArmed && (value is WatchEvent<T>.Bookmark || (_armsAtOpened && value is WatchEvent<T>.Opened)))
            {
                _isArmed = arms = true;
            }
        }

        if (arms)
        {
            _timer.Set(_silence);
        }
    }

    public void OnError(Exception error)
    {
        if (TryEnd())
        {
            _observer.OnError(error);
        }
    }

    public void OnCompleted()
    {
        if (TryEnd())
        {
            _observer.OnCompleted();
        }
    }

    private ICancelable Connect(IObservable<WatchEvent<T>> watch, bool armed, bool fromOpened)
    {
        _armsAtOpened = armed && fromOpened;
        if (armed && !fromOpened)
        {
            _isArmed = true;
            _timer.Set(_silence);
        }

        return StableCompositeDisposable.Create(watch.SubscribeSafe(this), _timer);
    }

    private bool TryEnd()
    {
        lock (_gate)
        {
            return !_isOver && (_isOver = true);
        }
    }

    private void Recheck()
    {
        TimeSpan left;
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            // The time that the subscriber spends in OnNext is not silence.
            // Bytes of an event that is not complete yet are no silence either.
            var silent = _clock.Elapsed - _lastEvent;
            silent = _evidence?.Age < silent ? _evidence.Age.Value : silent;
            left = _calls > 0 ? _silence : _silence - silent;
            _isOver = left <= TimeSpan.Zero;
        }

        if (left > TimeSpan.Zero)
        {
            _timer.Set(left);
            return;
        }

        _observer.OnError(new WatchSilentException(
            $"the watch said nothing for {_silence.TotalSeconds:0.#} s, although the server sends bookmarks"));
    }
}
