using System.Reactive.Concurrency;

namespace Rx.Kube.Testing;

/// <summary>
/// The clock that an expectation runs on this thread. A stream on another clock, which does not run, would be silent and look like a stream
/// without values.
/// </summary>
internal static class RunningClock
{
    [ThreadStatic]
    private static VirtualTimeScheduler<long, long>? _running;

    public static void Run(VirtualTimeScheduler<long, long> scheduler, Action run)
    {
        var before = _running;
        _running = scheduler;
        try
        {
            run();
        }
        finally
        {
            _running = before;
        }
    }

    public static void ThrowIfOther(VirtualTimeScheduler<long, long> scheduler)
    {
        if (_running is not null && _running != scheduler && !scheduler.IsEnabled)
        {
            throw new InvalidOperationException(
                "A stream of a clock that stands still was subscribed to while another clock ran. " +
                "To fix: use the same clock in all parts of a test");
        }
    }
}
