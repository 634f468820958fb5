using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Kube;

/// <summary>
/// Delivers what waits in a gate on a scheduler. The caller of <see cref="Run"/> never calls the observer, and at most one action is
/// scheduled at a time. Each action delivers one value, so that other work of the scheduler has its turn while the observer lags behind.
/// </summary>
internal sealed class ScheduledDelivery<T>(LatestValueGate<T> gate, IScheduler scheduler) : IDisposable
{
    private readonly SerialDisposable _work = new();

    /// <summary>Schedules a delivery, unless one is scheduled or in progress; then that one continues. Call it without any lock.</summary>
    public void Run()
    {
        if (gate.TryBegin())
        {
            Schedule(scheduler);
        }
    }

    /// <summary>Cancels what is scheduled. Nothing is delivered any more, except by a call that is in progress.</summary>
    public void Dispose() => _work.Dispose();

    private void Schedule(IScheduler on)
    {
        // Stored before it is scheduled, because the action may run, and schedule the next one, inside Schedule.
        var work = new SingleAssignmentDisposable();
        _work.Disposable = work;
        work.Disposable = on.Schedule(this, static (current, delivery) => delivery.Step(current));
    }

    // The scheduler that runs an action is also the one for the next: schedulers that run at once do not recurse on the stack this way.
    private IDisposable Step(IScheduler current)
    {
        if (gate.Step())
        {
            Schedule(current);
        }

        return Disposable.Empty;
    }
}
