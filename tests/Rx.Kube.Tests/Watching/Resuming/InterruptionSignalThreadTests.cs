using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>Events arrive on one thread while timers run on another one.</summary>
public class InterruptionSignalThreadTests
{
    private const int Gaps = 3_000;

    // So short that timers fire at any point between the events.
    private static readonly ResumeRules _rules = new()
    {
        Grace = TimeSpan.FromTicks(300),
        InstantClose = TimeSpan.FromTicks(300),
        LateAnswer = TimeSpan.FromTicks(300),
    };

    [Fact]
    public void Interruptions_and_their_ends_alternate_and_none_outlives_an_event()
    {
        using var timers = new EventLoopScheduler();
        using var attempts = new Subject<WatchEvent<string>>();
        var (grammar, seen, random) = (new GrammarLog(), new List<WatchEvent<string>>(), new Random(20261128));
        var (events, reported) = (0, 0);
        using var subscription = InterruptionSignal<string>
            .Create(attempts, _rules, new WatchEvidence(timers), timers).ValidateGrammar(grammar)
            .Where(e => e is not (WatchEvent<string>.Asked or WatchEvent<string>.Opened or WatchEvent<string>.Lost)).Subscribe(e =>
        {
            seen.Add(e);
            Interlocked.Add(ref reported, e is WatchEvent<string>.Interrupted ? 1 : 0);
        });

        for (var i = 0; i < Gaps; i++)
        {
            var before = Volatile.Read(ref reported);
            attempts.OnNext(Lost(isRefusal: i % 3 == 0));
            Spin(random);
            if (i % 3 == 1)
            {
                // The real time is a bound for the failure alone.
                Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref reported) > before, TimeSpan.FromSeconds(30)), $"gap {i}");
            }

            attempts.OnNext(new WatchEvent<string>.Asked(RequestKind.Watch));
            Spin(random);
            attempts.OnNext(new WatchEvent<string>.Opened());
            Spin(random);
            attempts.OnNext(WatchEvents.Added($"{i}", $"{i + 18}"));
            Spin(random);
            Finish(timers);

            Assert.False(IsInterrupted(seen), $"interrupted after event {i}");
            events += seen.Count(e => e is WatchEvent<string>.Added);
            seen.Clear();
        }

        grammar.ToHaveNoViolations();
        Assert.Equal(Gaps, events);
    }

    [Fact]
    public void A_gap_is_reported_whatever_timer_was_under_way_when_it_began()
    {
        using var timers = new EventLoopScheduler();
        using var attempts = new Subject<WatchEvent<string>>();
        var (grammar, random) = (new GrammarLog(), new Random(20261128));
        using var reported = new AutoResetEvent(false);
        using var subscription = InterruptionSignal<string>
            .Create(attempts, _rules, new WatchEvidence(timers), timers).ValidateGrammar(grammar)
            .Where(e => e is not (WatchEvent<string>.Asked or WatchEvent<string>.Opened or WatchEvent<string>.Lost)).Subscribe(e =>
        {
            if (e is WatchEvent<string>.Interrupted { Interruption.Message: "last" })
            {
                reported.Set();
            }
        });

        for (var i = 0; i < Gaps; i++)
        {
            attempts.OnNext(Lost(isRefusal: true));
            attempts.OnNext(new WatchEvent<string>.Opened());
            Spin(random);
            attempts.OnNext(Lost(isRefusal: false, "last"));

            // The real time is a bound for the failure alone.
            Assert.True(reported.WaitOne(TimeSpan.FromSeconds(30)), $"gap {i} was not reported");
            attempts.OnNext(WatchEvents.Added($"{i}", $"{i + 18}"));
        }

        grammar.ToHaveNoViolations();
    }

    /// <summary>Checks that interruptions and their ends belong together, and tells whether the last one is open.</summary>
    private static bool IsInterrupted(List<WatchEvent<string>> seen)
    {
        var isInterrupted = false;
        foreach (var e in seen)
        {
            Assert.False(e is WatchEvent<string>.Resumed && !isInterrupted, "resumed without an interruption");
            isInterrupted = e is WatchEvent<string>.Interrupted || (isInterrupted && e is not WatchEvent<string>.Resumed);
        }

        return isInterrupted;
    }

    private static void Spin(Random random) => Thread.SpinWait(random.Next(2_000));

    /// <summary>Waits until the timers have done what is due, so that the next event does not wait in their queue.</summary>
    private static void Finish(EventLoopScheduler timers)
    {
        using var done = new ManualResetEventSlim();
        timers.Schedule(done.Set);
        Assert.True(done.Wait(TimeSpan.FromSeconds(30)));
    }

    private static WatchEvent<string>.Lost Lost(bool isRefusal, string message = "lost") =>
        new(AttemptEnd.Closed, new(InterruptionKind.Unreachable, message, default, default, TimeSpan.Zero), isRefusal);
}
