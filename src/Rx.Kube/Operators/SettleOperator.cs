using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// The state of one subscription to <see cref="KubeObservable.Settle"/>: the latest value, and the times of the first and the last one.
/// </summary>
internal sealed class SettleOperator<T> : IObserver<T>
{
    private readonly TimeSpan _quiet;
    private readonly TimeSpan _atMost;
    private readonly IStopwatch _clock;
    private readonly RecheckTimer _timer;
    private readonly LatestValueGate<T> _output;
    private readonly Lock _gate = new();
    private T? _latest;
    private TimeSpan _last;
    private TimeSpan _first;
    private bool _waits;

    private SettleOperator(IObserver<T> observer, TimeSpan quiet, TimeSpan atMost, IScheduler scheduler)
    {
        (_quiet, _atMost, _clock) = (quiet, atMost, scheduler.StartStopwatch());
        (_timer, _output) = (new RecheckTimer(scheduler, Recheck), new LatestValueGate<T>(observer));
    }

    public static IObservable<T> Create(IObservable<T> source, TimeSpan quiet, TimeSpan atMost, IScheduler scheduler) =>
        Observable.Create<T>(observer => new SettleOperator<T>(observer, quiet, atMost, scheduler).Connect(source));

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

        _timer.Set(_quiet);
    }

    public void OnCompleted()
    {
        lock (_gate)
        {
            Release();
            _output.End();
        }

        _output.Run();
    }

    public void OnError(Exception error)
    {
        _output.End(error);
        _output.Run();
    }

    private ICancelable Connect(IObservable<T> source) =>
        StableCompositeDisposable.Create(source.SubscribeSafe(this), _timer);

    private void Recheck()
    {
        var left = LeftOrRelease();
        if (left > TimeSpan.Zero)
        {
            _timer.Set(left);
        }
        else
        {
            _output.Run();
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
            _output.Put(_latest!);
            (_waits, _latest) = (false, default);
        }
    }
}
