using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Kube;

/// <summary>
/// One timer for a deadline that moves. When it fires, the check looks whether the deadline has been reached, and sets it again if not;
/// so an event that moves the deadline does not have to set a timer.
/// </summary>
/// <param name="scheduler">The clock.</param>
/// <param name="check">What runs when the timer fires.</param>
internal sealed class RecheckTimer(IScheduler scheduler, Action check) : IDisposable
{
    // Timers accept at most 49 days; a longer time is checked once a day.
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);

    private readonly SerialDisposable _timer = new();

    /// <summary>
    /// Sets the timer. Call it only when no timer is pending, and never under a lock: a scheduler may run what is due inside Schedule.
    /// </summary>
    /// <param name="time">The time from now.</param>
    public void Set(TimeSpan time)
    {
        // Stored before it is scheduled, because it may fire, and be set again, inside Schedule.
        var timer = new SingleAssignmentDisposable();
        _timer.Disposable = timer;
        timer.Disposable = scheduler.Schedule(time < _longest ? time : _longest, check);
    }

    public void Dispose() => _timer.Dispose();
}
