using System.Reactive.Concurrency;

namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>The clock of the server, in milliseconds. What the server itself has scheduled does nothing after <see cref="Stop"/>.</summary>
internal sealed class ServerTime(VirtualTimeScheduler<long, long> clock)
{
    private const long Ticks = TimeSpan.TicksPerMillisecond;
    private bool _stopped;

    public VirtualTimeScheduler<long, long> Clock => clock;

    public long Now => clock.Clock / Ticks;

    public DateTimeOffset Date => clock.Now;

    public void Stop() => _stopped = true;

    public void At(long milliseconds, Action act) => clock.ScheduleAbsolute(milliseconds * Ticks, act);

    public void After(long milliseconds, Action act) => clock.ScheduleRelative(milliseconds * Ticks, () =>
    {
        if (!_stopped)
        {
            act();
        }
    });

    public void Every(long milliseconds, Action act) => clock.ScheduleRelative(milliseconds * Ticks, () =>
    {
        if (!_stopped)
        {
            act();
            Every(milliseconds, act);
        }
    });
}
