using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Kube;

/// <summary>One timer, which is set again when it has gone off: it looks whether it is time already, so that nothing has to be set for each event.</summary>
internal sealed class RecheckTimer(IScheduler scheduler, Action look) : IDisposable
{
    // Timers cannot be set for more than some weeks: this one looks once a day.
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);

    private readonly SerialDisposable _timer = new();

    /// <summary>Sets it. Not before it has gone off, and not under a lock: a scheduler may run what is due at once.</summary>
    public void Set(TimeSpan time)
    {
        // In its place before it can go off, and be set again from there.
        var timer = new SingleAssignmentDisposable();
        _timer.Disposable = timer;
        timer.Disposable = scheduler.Schedule(time < _longest ? time : _longest, look);
    }

    public void Dispose() => _timer.Dispose();
}
