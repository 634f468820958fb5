using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// One subscription to <c>HoldDepartures</c>: the source and the timer update its <see cref="Departures"/>, and the
/// results reach the observer through a gate.
/// </summary>
internal sealed class HoldDeparturesOperator : IObserver<ServiceTopology>
{
    private readonly Departures _departures;
    private readonly IStopwatch _clock;
    private readonly RecheckTimer _timer;
    private readonly LatestValueGate<ServiceTopology> _output;
    private readonly Lock _gate = new();
    private bool _isTimerSet;

    private HoldDeparturesOperator(IObserver<ServiceTopology> observer, TimeSpan grace, int most, IScheduler scheduler)
    {
        (_departures, _clock) = (new Departures(grace, most), scheduler.StartStopwatch());
        (_timer, _output) = (new RecheckTimer(scheduler, Recheck), new LatestValueGate<ServiceTopology>(observer));
    }

    public static IObservable<ServiceTopology> Create(
        IObservable<ServiceTopology> source, TimeSpan grace, int most, IScheduler scheduler) =>
        Observable.Create<ServiceTopology>(observer => new HoldDeparturesOperator(observer, grace, most, scheduler).Connect(source));

    public void OnNext(ServiceTopology next)
    {
        TimeSpan? due = null;
        lock (_gate)
        {
            var now = _clock.Elapsed;
            _output.Put(_departures.Apply(next, now));
            if (!_isTimerSet)
            {
                due = _departures.NextIn(now);
                _isTimerSet = due is not null;
            }
        }

        SetAndRun(due);
    }

    public void OnCompleted() => End(null);

    public void OnError(Exception error) => End(error);

    private ICancelable Connect(IObservable<ServiceTopology> source) =>
        StableCompositeDisposable.Create(source.SubscribeSafe(this), _timer);

    private void End(Exception? error)
    {
        _output.End(error);
        _output.Run();
    }

    private void Recheck()
    {
        TimeSpan? due;
        lock (_gate)
        {
            var now = _clock.Elapsed;
            if (_departures.Expire(now) is { } after)
            {
                _output.Put(after);
            }

            due = _departures.NextIn(now);
            _isTimerSet = due is not null;
        }

        SetAndRun(due);
    }

    private void SetAndRun(TimeSpan? due)
    {
        if (due is { } time)
        {
            _timer.Set(time);
        }

        _output.Run();
    }
}
