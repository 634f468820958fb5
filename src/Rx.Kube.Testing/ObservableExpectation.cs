using System.Reactive.Concurrency;

namespace Rx.Kube.Testing;

/// <summary>A planned subscription with an expectation. <see cref="Marbles.Expect"/> creates it.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class ObservableExpectation<T>
{
    private const int MostMessages = 100_000;
    private const int MostSteps = 5_000_000;
    private readonly VirtualTimeScheduler<long, long> _scheduler;
    private readonly RecordingObserver<T> _observer;
    private readonly GrammarLog _grammar;

    internal ObservableExpectation(VirtualTimeScheduler<long, long> scheduler, IObservable<T> source, SubscriptionSpan when)
    {
        (_scheduler, _observer, _grammar) = (scheduler, new(scheduler, MostMessages), new(scheduler));
        IDisposable? subscription = null;
        var validated = source.ValidateGrammar(_grammar, "the stream");
        scheduler.ScheduleAbsolute(when.Subscribe, () => subscription = validated.Subscribe(_observer));
        if (when.Unsubscribe != SubscriptionSpan.Infinite)
        {
            scheduler.ScheduleAbsolute(when.Unsubscribe, () => subscription!.Dispose());
        }
    }

    /// <summary>
    /// Runs the clock until nothing is due, and checks that the stream emitted exactly what the diagram shows; times are frames
    /// of the clock.
    /// </summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="values">The value of each key.</param>
    /// <param name="errors">
    /// The errors, which must be the same object, or have the same type and message; null to accept any error for a plain <c>#</c>.
    /// </param>
    /// <param name="comparer">Compares values; null for the default.</param>
    /// <exception cref="ArgumentNullException">The diagram or the values are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    /// <exception cref="MarbleAssertionException">
    /// The stream emitted something else, or more than 100,000 notifications; or a <see cref="VirtualClock"/> did not finish in 5,000,000
    /// steps.
    /// </exception>
    /// <exception cref="InvalidOperationException">The clock is running, or a stream of another clock was subscribed to.</exception>
    /// <exception cref="GrammarException">The stream violated the Rx grammar.</exception>
    public void ToBe(
        string diagram, IReadOnlyDictionary<char, T> values, MarbleErrors? errors = null, IEqualityComparer<T>? comparer = null) =>
        ToBe(diagram, new MarbleValues<T>(values, errors), comparer);

    /// <summary>
    /// Runs the clock until nothing is due, and checks that the stream emitted exactly what the diagram shows; times are frames
    /// of the clock.
    /// </summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="values">Returns the value of a key.</param>
    /// <param name="errors">
    /// The errors, which must be the same object, or have the same type and message; null to accept any error for a plain <c>#</c>.
    /// </param>
    /// <param name="comparer">Compares values; null for the default.</param>
    /// <exception cref="ArgumentNullException">The diagram or the values are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    /// <exception cref="MarbleAssertionException">
    /// The stream emitted something else, or more than 100,000 notifications; or a <see cref="VirtualClock"/> did not finish in 5,000,000
    /// steps.
    /// </exception>
    /// <exception cref="InvalidOperationException">The clock is running, or a stream of another clock was subscribed to.</exception>
    /// <exception cref="GrammarException">The stream violated the Rx grammar.</exception>
    public void ToBe(
        string diagram, Func<char, T> values, MarbleErrors? errors = null, IEqualityComparer<T>? comparer = null) =>
        ToBe(diagram, new MarbleValues<T>(values, errors), comparer);

    private void ToBe(string diagram, MarbleValues<T> values, IEqualityComparer<T>? comparer)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        var expected = MarbleParser.Cold(diagram);
        var comparison = new MarbleComparison<T>(diagram, expected, values, comparer);
        RunningClock.Run(_scheduler, RunTheClock);
        if (_observer.OverLimit is { } overLimit)
        {
            throw overLimit;
        }

        _grammar.ToHaveNoViolations();
        comparison.Check(_observer.Messages, _observer.ScriptNotes);
    }

    private void RunTheClock()
    {
        VirtualTime.ThrowIfRunning(_scheduler);
        try
        {
            if (_scheduler is not VirtualClock clock)
            {
                _scheduler.Start();
            }
            else if (!clock.Run(MostSteps))
            {
                throw new MarbleAssertionException(
                    $"Something was still due after {MostSteps} steps of the clock, at {clock.Frame()} ms: {RecordingObserver<T>.EndIt}");
            }
        }
        catch
        {
            // Other clocks stay enabled after an exception, and would do nothing the next time.
            _scheduler.Stop();
            throw;
        }
    }
}
