using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// Decides when a gap between two watches is reported. A short gap is not, unless the server refused the client; a longer one is
/// <see cref="WatchEvent{T}.Interrupted"/>, and ends with <see cref="WatchEvent{T}.Resumed"/> or a list. An open watch alone proves
/// nothing, because a server opens it before it reports that the version is gone: the first event does, or having been open for a while.
/// </summary>
/// <remarks>
/// Events about attempts are passed on as well, for telemetry.
/// Outside of a gap no timer runs, and events are passed on directly. In a gap they pass a gate, because a timer may report it at the same
/// time.
/// </remarks>
internal sealed class InterruptionSignal<T> : IObserver<WatchEvent<T>>
{
    private readonly IObserver<WatchEvent<T>> _observer;
    private readonly SerialGate<WatchEvent<T>> _gate;
    private readonly ResumeRules _rules;
    private readonly WatchEvidence _evidence;
    private readonly ResourceSelection? _selection;
    private readonly IScheduler _scheduler;
    private readonly IStopwatch _clock;
    private readonly SerialDisposable _timer;
    private readonly Lock _lock = new();

    // Read by the thread of the events without the lock; only that thread sets it to true, when no timer can call the observer.
    private bool _isCalm;
    private WatchInterruption? _lost;
    private TimeSpan _lostAt;
    private bool _isReported;

    // When, unless something happens before: a gap is reported, an unanswered watch is reported, an open watch is proven.
    private TimeSpan? _graceEnds;
    private TimeSpan? _answerDue;
    private TimeSpan? _provenAt;

    private InterruptionSignal(
        IObserver<WatchEvent<T>> observer, ResumeRules rules, WatchEvidence evidence, IScheduler scheduler, ResourceSelection? selection)
    {
        (_observer, _gate, _rules, _scheduler) = (observer, new SerialGate<WatchEvent<T>>(observer), rules, scheduler);
        (_evidence, _selection, _clock, _timer) = (evidence, selection, scheduler.StartStopwatch(), new SerialDisposable());
    }

    public static IObservable<WatchEvent<T>> Create(
        IObservable<WatchEvent<T>> attempts, ResumeRules rules, WatchEvidence evidence, IScheduler scheduler,
        ResourceSelection? selection = null) =>
        Observable.Create<WatchEvent<T>>(observer =>
        {
            var signal = new InterruptionSignal<T>(observer, rules, evidence, scheduler, selection);
            return StableCompositeDisposable.Create(attempts.SubscribeSafe(signal), signal._timer);
        });

    public void OnNext(WatchEvent<T> value)
    {
        if (_isCalm && value is not (WatchEvent<T>.Lost or WatchEvent<T>.Asked or WatchEvent<T>.Opened))
        {
            _observer.OnNext(value);
            return;
        }

        lock (_lock)
        {
            _isCalm = false;
            switch (value)
            {
                case WatchEvent<T>.Lost lost:
                    if (_provenAt <= _clock.Elapsed)
                    {
                        CloseGap(); // the timer is late
                    }

                    Lose(lost);
                    break;
                case WatchEvent<T>.Asked asked:
                    _answerDue = asked.Request == RequestKind.Watch ? _clock.Elapsed + _rules.LateAnswer : null;
                    break;
                case WatchEvent<T>.Opened:
                    Open();
                    break;
                case WatchEvent<T>.Listed:
                    (_lost, _isReported) = (null, false); // a list ends the gap by itself
                    (_graceEnds, _answerDue, _provenAt) = (null, null, null);
                    break;
                default:
                    CloseGap();
                    break;
            }

            _gate.Put(value);
        }

        SetTimer();
        _gate.Run();
        lock (_lock)
        {
            _isCalm = _lost is null && Next is null && _gate.IsIdle;
        }
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

    private TimeSpan? Next => new[] { _graceEnds, _answerDue, _provenAt }.Min();

    private void Lose(WatchEvent<T>.Lost lost)
    {
        (_graceEnds, _answerDue, _provenAt) = (null, null, null);
        _lostAt = _lost is null ? _clock.Elapsed : _lostAt;
        _lost = lost.Interruption with
        {
            Since = _lost?.Since ?? lost.Interruption.Since,
            FailedAttempts = (_lost?.FailedAttempts ?? 0) + 1,
        };
        var left = _lostAt + _rules.Grace - _clock.Elapsed;
        if (lost.IsRefusal || _isReported || lost.Interruption.RetryAfter >= left)
        {
            Report();
        }
        else
        {
            _graceEnds = _lostAt + _rules.Grace;
        }
    }

    private void Open()
    {
        (_graceEnds, _answerDue) = (null, null);
        if (_lost is not null && !_rules.ResumedNeedsProof)
        {
            CloseGap();
        }

        _provenAt = _lost is null ? null : _clock.Elapsed + _rules.InstantClose;
    }

    private void CloseGap()
    {
        if (_isReported)
        {
            _gate.Put(new WatchEvent<T>.Resumed());
        }

        (_lost, _isReported) = (null, false);
        (_graceEnds, _answerDue, _provenAt) = (null, null, null);
    }

    private void Report()
    {
        if (_rules.ReportsInterruptions)
        {
            _isReported = true;
            _gate.Put(new WatchEvent<T>.Interrupted(_lost!) { Selection = _selection, Evidence = _evidence });
        }
    }

    private void ReportLate()
    {
        if (!_rules.ReportsLateAnswers)
        {
            return;
        }

        var now = _scheduler.Now;
        _lost = new WatchInterruption(
            InterruptionKind.Silent,
            $"the server accepted no watch within {_rules.LateAnswer.TotalSeconds:0.#} s. The request stays open, because a proxy may hold "
            + "its answer back until the first event, or until the watch ends. To fix: turn off the buffering of responses in the proxy.",
            _lost?.Since ?? _evidence.LastReceived ?? now - _rules.LateAnswer, now, TimeSpan.Zero)
        {
            FailedAttempts = _lost?.FailedAttempts ?? 0, // this attempt has not failed yet
        };
        Report();
    }

    private void SetTimer()
    {
        // Stored before it is scheduled, because it may fire inside Schedule; and stored under the lock, so that the timer of the later of
        // two threads replaces the timer of the earlier one.
        TimeSpan? next;
        var timer = new SingleAssignmentDisposable();
        lock (_lock)
        {
            next = Next;
            _timer.Disposable = timer;
        }

        if (next is { } due)
        {
            var left = due - _clock.Elapsed;
            timer.Disposable = _scheduler.Schedule(left > TimeSpan.Zero ? left : TimeSpan.Zero, Check);
        }
    }

    private void Check()
    {
        lock (_lock)
        {
            var now = _clock.Elapsed;
            if (_graceEnds <= now)
            {
                _graceEnds = null;
                Report();
            }

            if (_answerDue <= now)
            {
                _answerDue = null;
                ReportLate();
            }

            if (_provenAt <= now)
            {
                CloseGap();
            }
        }

        SetTimer();
        _gate.Run();
    }
}
