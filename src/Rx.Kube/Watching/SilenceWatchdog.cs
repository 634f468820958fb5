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

    /// <summary>One timer that looks, when it is due, at when something was last heard: Rx's Timeout would set one for every event.</summary>
    private sealed class Watchdog<T>(IObserver<WatchEvent<T>> observer, TimeSpan silence, IScheduler scheduler) : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly SerialDisposable _timer = new();
        private readonly IStopwatch _clock = scheduler.StartStopwatch();
        private TimeSpan _heard;
        private bool _armed;

        public CompositeDisposable Guard(IObservable<WatchEvent<T>> watch, bool armed)
        {
            if (armed)
            {
                Arm();
            }

            return new CompositeDisposable(watch.Subscribe(OnNext, OnError, OnCompleted), this);
        }

        public void Dispose() => _timer.Dispose();

        private void OnNext(WatchEvent<T> e)
        {
            lock (_gate)
            {
                observer.OnNext(e);
                _heard = _clock.Elapsed;
                if (!_armed && e is WatchEvent<T>.Bookmark)
                {
                    Arm();
                }
            }
        }

        private void OnError(Exception error)
        {
            lock (_gate)
            {
                observer.OnError(error);
            }
        }

        private void OnCompleted()
        {
            lock (_gate)
            {
                observer.OnCompleted();
            }
        }

        private void Arm()
        {
            _armed = true;
            LookAfter(silence);
        }

        private void LookAfter(TimeSpan time) => _timer.Disposable = scheduler.Schedule(time, Look);

        private void Look()
        {
            lock (_gate)
            {
                var left = silence - (_clock.Elapsed - _heard);
                if (left > TimeSpan.Zero)
                {
                    LookAfter(left);
                }
                else
                {
                    observer.OnError(new TimeoutException(
                        $"the watch said nothing for {silence.TotalSeconds:0.#} s, although the server sends bookmarks"));
                }
            }
        }
    }
}
