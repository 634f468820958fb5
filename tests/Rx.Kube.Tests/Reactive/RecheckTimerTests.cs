using System.Reactive.Concurrency;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Reactive;

/// <summary>The timer that is checked again when it fires.</summary>
public sealed class RecheckTimerTests
{
    private readonly VirtualClock _clock = new();
    private readonly List<TimeSpan> _checks = [];

    [Fact]
    public void It_fires_once_for_each_time_it_is_set()
    {
        RecheckTimer? timer = null;
        timer = new RecheckTimer(_clock, () => Check(() =>
        {
            if (_checks.Count < 3)
            {
                timer!.Set(TimeSpan.FromSeconds(_checks.Count));
            }
        }));
        timer.Set(TimeSpan.FromSeconds(5));
        _clock.AdvanceTo(TimeSpan.FromMinutes(1));

        Assert.Equal([5, 6, 8], _checks.Select(t => t.TotalSeconds));
        timer.Dispose();
    }

    [Fact]
    public void A_time_too_long_for_a_timer_is_checked_after_a_day()
    {
        using var timer = new RecheckTimer(_clock, () => Check());
        timer.Set(TimeSpan.MaxValue);
        _clock.AdvanceTo(TimeSpan.FromDays(30));

        Assert.Equal([TimeSpan.FromDays(1)], _checks);
    }

    [Fact]
    public void A_scheduler_that_runs_inside_Schedule_can_set_it_again()
    {
        RecheckTimer? timer = null;
        timer = new RecheckTimer(Scheduler.Immediate, () => Check(() =>
        {
            if (_checks.Count < 2)
            {
                timer!.Set(TimeSpan.Zero);
            }
        }));
        timer.Set(TimeSpan.Zero);

        Assert.Equal(2, _checks.Count);
        timer.Dispose();
    }

    [Fact]
    public void After_disposal_it_does_not_fire()
    {
        var timer = new RecheckTimer(_clock, () => Check());
        timer.Set(TimeSpan.FromSeconds(1));
        timer.Dispose();
        timer.Set(TimeSpan.FromSeconds(2));
        _clock.AdvanceTo(TimeSpan.FromMinutes(1));

        Assert.Empty(_checks);
        Assert.True(_clock.IsIdle);
    }

    private void Check(Action? then = null)
    {
        _checks.Add(TimeSpan.FromTicks(_clock.Clock));
        then?.Invoke();
    }
}
