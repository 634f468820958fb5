using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>Finds dead connections that look open.</summary>
public static partial class KubeObservable
{
    /// <summary>
    /// Fails with a <see cref="TimeoutException"/> when a watch says nothing for too long. It is armed by the first bookmark, which shows
    /// that the server sends them: before that, a quiet watch of a quiet collection looks like a dead one.
    /// </summary>
    /// <typeparam name="T">The decoded object.</typeparam>
    /// <param name="watch">One watch.</param>
    /// <param name="silence">How long it may say nothing. Positive. The time a subscriber spends in OnNext does not count.</param>
    /// <param name="armed">Whether bookmarks of this server were seen before, so that silence counts from the subscription on.</param>
    /// <param name="scheduler">The clock, which must be monotonic; <see cref="Scheduler.Default"/> when omitted.</param>
    /// <returns>The watch, cut when it falls silent.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="watch"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="silence"/> is not positive.</exception>
    public static IObservable<WatchEvent<T>> TimeoutOnceBookmarked<T>(
        this IObservable<WatchEvent<T>> watch, TimeSpan silence, bool armed = false, IScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(watch);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(silence, TimeSpan.Zero);
        var clock = scheduler ?? Scheduler.Default;
        return Observable.Create<WatchEvent<T>>(observer => new Watchdog<T>(observer, silence, clock).Guard(watch, armed));
    }

    /// <summary>
    /// One timer that checks, when it is due, when the last event came: Rx's Timeout would set a timer for every event. The observer is
    /// called without the lock: a caller marks itself under the lock first, so that the timer and the watch never call at the same time.
    /// </summary>
    private sealed class Watchdog<T> : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly IObserver<WatchEvent<T>> _observer;
        private readonly TimeSpan _silence;
        private readonly IStopwatch _clock;
        private readonly RecheckTimer _timer;
        private TimeSpan _heard;
        private bool _armed;
        private bool _isBusy;
        private bool _isOver;

        public Watchdog(IObserver<WatchEvent<T>> observer, TimeSpan silence, IScheduler scheduler)
        {
            (_observer, _silence) = (observer, silence);
            _clock = scheduler.StartStopwatch();
            _timer = new RecheckTimer(scheduler, Look);
        }

        public CompositeDisposable Guard(IObservable<WatchEvent<T>> watch, bool armed)
        {
            if (armed)
            {
                _armed = true;
                _timer.Set(_silence);
            }

            return new CompositeDisposable(watch.Subscribe(OnNext, OnError, OnCompleted), this);
        }

        public void Dispose() => _timer.Dispose();

        private void OnNext(WatchEvent<T> e)
        {
            lock (_gate)
            {
                if (_isOver)
                {
                    return;
                }

                _isBusy = true;
            }

            _observer.OnNext(e);
            bool arms;
            lock (_gate)
            {
                _isBusy = false;
                _heard = _clock.Elapsed;
                arms = !_armed && e is WatchEvent<T>.Bookmark;
                _armed |= arms;
            }

            if (arms)
            {
                _timer.Set(_silence);
            }
        }

        private void OnError(Exception error)
        {
            if (TryEnd())
            {
                _observer.OnError(error);
            }
        }

        private void OnCompleted()
        {
            if (TryEnd())
            {
                _observer.OnCompleted();
            }
        }

        private bool TryEnd()
        {
            lock (_gate)
            {
                return !_isOver && (_isOver = true);
            }
        }

        private void Look()
        {
            TimeSpan left;
            lock (_gate)
            {
                if (_isOver)
                {
                    return;
                }

                // Silence counts from the end of OnNext, so a busy observer has all of its time left.
                left = _isBusy ? _silence : _silence - (_clock.Elapsed - _heard);
                _isOver = left <= TimeSpan.Zero;
            }

            if (left > TimeSpan.Zero)
            {
                _timer.Set(left);
            }
            else
            {
                _observer.OnError(new TimeoutException(
                    $"the watch said nothing for {_silence.TotalSeconds:0.#} s, although the server sends bookmarks"));
            }
        }
    }
}
