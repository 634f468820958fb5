using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching;

/// <summary>The watch and the timer run on their own threads. No lock is held while the observer is called.</summary>
public class SilenceWatchdogThreadTests
{
    private readonly VirtualClock _clock = new();

    [Fact]
    public void The_timer_does_not_wait_for_a_busy_subscriber_and_silence_counts_from_its_return()
    {
        using var watch = new Subject<WatchEvent<string>>();
        var seen = new List<string>();
        using var subscription = watch.TimeoutOnceBookmarked(Ms(10), armed: true, _clock).Subscribe(
            _ =>
            {
                OnAnotherThread(() => _clock.AdvanceBy(Ms(25)));
                seen.Add($"event until {_clock.Frame()}");
            },
            e => seen.Add($"{e.GetType().Name} at {_clock.Frame()}"));

        watch.OnNext(WatchEvents.Added("a", "18"));
        _clock.AdvanceBy(Ms(50));

        Assert.Equal(["event until 25", "WatchSilentException at 35"], seen);
    }

    [Fact]
    public void Events_and_the_end_are_dropped_once_the_timeout_is_under_way()
    {
        using var watch = new Subject<WatchEvent<string>>();
        var grammar = new GrammarLog();
        var seen = new List<string>();
        using var subscription = watch.TimeoutOnceBookmarked(Ms(10), armed: true, _clock).ValidateGrammar(grammar).Subscribe(
            _ => seen.Add("event"),
            e =>
            {
                // The watch's thread: it would wait here if the timer held a lock.
                OnAnotherThread(() =>
                {
                    watch.OnNext(WatchEvents.Added("a", "18"));
                    watch.OnCompleted();
                });
                seen.Add(e.GetType().Name);
            },
            () => seen.Add("end"));

        _clock.AdvanceBy(Ms(50));

        Assert.Equal(["WatchSilentException"], seen);
        grammar.ToHaveNoViolations();
    }

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private static void OnAnotherThread(Action act) =>
        Assert.True(Task.Factory.StartNew(act, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .Wait(TimeSpan.FromSeconds(30)));
}
