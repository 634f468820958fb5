using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>Waits until a stream has come to rest, but not for ever.</summary>
public static partial class KubeObservable
{
    /// <summary>
    /// Gives the latest value once the stream has been quiet for a time, and at the latest a time after the first value that has not been given:
    /// a stream that never rests cannot starve it, as it does Rx's <c>Throttle</c>.
    /// </summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="source">The stream.</param>
    /// <param name="quiet">How long there must be no new value. Not negative.</param>
    /// <param name="atMost">How long a value, or one that came after it, may be kept back in all. Not less than <paramref name="quiet"/>.</param>
    /// <param name="scheduler">The clock, which must be monotonic, and where values are given, but for the last one; <see cref="Scheduler.Default"/> when omitted.</param>
    /// <returns>A cold stream. What each event gives:
    /// <list type="table">
    /// <item><term>OnNext</term><description>nothing at once. After <paramref name="quiet"/> without another, or <paramref name="atMost"/> after
    /// the first of them, the latest one. With snapshots that includes changes of freshness: they settle like all others</description></item>
    /// <item><term>OnCompleted</term><description>the value that waits, then the end, at once, on the thread of the source</description></item>
    /// <item><term>OnError</term><description>the error; the value that waits is dropped</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// <para>One value is kept, and one timer, which is set again when it goes off: a value that is superseded by another costs no memory.</para>
    /// <para>The source may speak on any thread. Values come one at a time, and no lock is held meanwhile: while the subscriber
    /// is busy with one, what is due next waits for it to return, and the latest is what it then gets, on the same thread.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quiet"/> is negative, or <paramref name="atMost"/> less than it.</exception>
    public static IObservable<T> Settle<T>(this IObservable<T> source, TimeSpan quiet, TimeSpan atMost, IScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(quiet, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(atMost, quiet);
        var clock = scheduler ?? Scheduler.Default;
        return Observable.Create<T>(observer => new Settling<T>(observer, quiet, atMost, clock).From(source));
    }

    private sealed class Settling<T> : IObserver<T>
    {
        private readonly TimeSpan _quiet;
        private readonly TimeSpan _atMost;
        private readonly IStopwatch _clock;
        private readonly RecheckTimer _alarm;
        private readonly LatestValueGate<T> _handover;
        private readonly Lock _gate = new();
        private T? _latest;
        private TimeSpan _last;
        private TimeSpan _first;
        private bool _waits;

        public Settling(IObserver<T> observer, TimeSpan quiet, TimeSpan atMost, IScheduler scheduler)
        {
            (_quiet, _atMost, _clock) = (quiet, atMost, scheduler.StartStopwatch());
            (_alarm, _handover) = (new RecheckTimer(scheduler, Look), new LatestValueGate<T>(observer));
        }

        public IDisposable From(IObservable<T> source) => StableCompositeDisposable.Create(source.SubscribeSafe(this), _alarm);

        public void OnNext(T value)
        {
            lock (_gate)
            {
                (_latest, _last) = (value, _clock.Elapsed);
                if (_waits)
                {
                    return;
                }

                (_waits, _first) = (true, _last);
            }

            _alarm.Set(_quiet);
        }

        public void OnCompleted()
        {
            lock (_gate)
            {
                Release();
                _handover.End();
            }

            _handover.Run();
        }

        public void OnError(Exception error)
        {
            _handover.End(error);
            _handover.Run();
        }

        private void Look()
        {
            var left = LeftOrRelease();
            if (left > TimeSpan.Zero)
            {
                _alarm.Set(left);
            }
            else
            {
                _handover.Run();
            }
        }

        private TimeSpan LeftOrRelease()
        {
            lock (_gate)
            {
                if (!_waits)
                {
                    return TimeSpan.Zero;
                }

                var now = _clock.Elapsed;
                var (quiet, all) = (_quiet - (now - _last), _atMost - (now - _first));
                var left = quiet < all ? quiet : all;
                if (left <= TimeSpan.Zero)
                {
                    Release();
                }

                return left;
            }
        }

        private void Release()
        {
            if (_waits)
            {
                _handover.Put(_latest!);
                (_waits, _latest) = (false, default);
            }
        }
    }
}
