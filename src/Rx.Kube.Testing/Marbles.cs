using System.Reactive.Concurrency;

namespace Rx.Kube.Testing;

/// <summary>
/// Creates streams and expectations from marble diagrams (see <see cref="MarbleDiagram"/>), on any virtual clock whose unit is the tick.
/// </summary>
/// <example><code>
/// var clock = new VirtualClock();
/// var source = clock.Cold("a-b 97ms c|");
/// clock.Expect(source.Throttle(TimeSpan.FromMilliseconds(10), clock)).ToBe("12ms b 88ms (c|)");
/// source.ToHaveSubscriptions("^ 100ms !");
/// </code></example>
public static class Marbles
{
    /// <summary>Creates a stream that starts over for every subscription. Its values are the characters of the diagram.</summary>
    /// <param name="scheduler">The clock.</param>
    /// <param name="diagram">The diagram.</param>
    /// <param name="errors">
    /// The errors that the diagram can name; null if it names none: a plain <c>#</c> is then an unspecified error.
    /// </param>
    /// <returns>The stream; it records its subscriptions.</returns>
    /// <exception cref="ArgumentNullException">The clock or the diagram is null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public static ITestObservable<char> Cold(
        this VirtualTimeScheduler<long, long> scheduler, string diagram, MarbleErrors? errors = null) =>
        scheduler.Cold(diagram, c => c, errors);

    /// <summary>Creates a stream that starts over for every subscription.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="scheduler">The clock.</param>
    /// <param name="diagram">The diagram.</param>
    /// <param name="values">The value of each key.</param>
    /// <param name="errors">
    /// The errors that the diagram can name; null if it names none: a plain <c>#</c> is then an unspecified error.
    /// </param>
    /// <returns>The stream; it records its subscriptions.</returns>
    /// <exception cref="ArgumentNullException">The clock, the diagram or the values are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public static ITestObservable<T> Cold<T>(
        this VirtualTimeScheduler<long, long> scheduler, string diagram, IReadOnlyDictionary<char, T> values, MarbleErrors? errors = null)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return new ColdObservable<T>(scheduler, MarbleDiagram.Cold(diagram, new MarbleValues<T>(values, errors)));
    }

    /// <summary>
    /// Creates a stream that starts over for every subscription. Its values are computed from the characters of the diagram.
    /// </summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="scheduler">The clock.</param>
    /// <param name="diagram">The diagram.</param>
    /// <param name="values">Returns the value of a key.</param>
    /// <param name="errors">
    /// The errors that the diagram can name; null if it names none: a plain <c>#</c> is then an unspecified error.
    /// </param>
    /// <returns>The stream; it records its subscriptions.</returns>
    /// <exception cref="ArgumentNullException">The clock, the diagram or the values are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public static ITestObservable<T> Cold<T>(
        this VirtualTimeScheduler<long, long> scheduler, string diagram, Func<char, T> values, MarbleErrors? errors = null)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return new ColdObservable<T>(scheduler, MarbleDiagram.Cold(diagram, new MarbleValues<T>(values, errors)));
    }

    /// <summary>Creates a stream that emits independently of its subscriptions. Its values are the characters of the diagram.</summary>
    /// <param name="scheduler">The clock.</param>
    /// <param name="diagram">The diagram; its frame zero is tick 0 of the clock; messages before the current frame are not emitted.</param>
    /// <param name="errors">
    /// The errors that the diagram can name; null if it names none: a plain <c>#</c> is then an unspecified error.
    /// </param>
    /// <returns>The stream; it records its subscriptions. After its end, a new subscriber receives the end at once.</returns>
    /// <exception cref="ArgumentNullException">The clock or the diagram is null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public static ITestObservable<char> Hot(
        this VirtualTimeScheduler<long, long> scheduler, string diagram, MarbleErrors? errors = null) =>
        scheduler.Hot(diagram, c => c, errors);

    /// <summary>Creates a stream that emits independently of its subscriptions.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="scheduler">The clock.</param>
    /// <param name="diagram">The diagram; its frame zero is tick 0 of the clock; messages before the current frame are not emitted.</param>
    /// <param name="values">The value of each key.</param>
    /// <param name="errors">
    /// The errors that the diagram can name; null if it names none: a plain <c>#</c> is then an unspecified error.
    /// </param>
    /// <returns>The stream; it records its subscriptions. After its end, a new subscriber receives the end at once.</returns>
    /// <exception cref="ArgumentNullException">The clock, the diagram or the values are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public static ITestObservable<T> Hot<T>(
        this VirtualTimeScheduler<long, long> scheduler, string diagram, IReadOnlyDictionary<char, T> values, MarbleErrors? errors = null)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return new HotObservable<T>(scheduler, MarbleDiagram.Hot(diagram, new MarbleValues<T>(values, errors)), tellsLateSubscribers: true);
    }

    /// <summary>
    /// Creates a stream that emits independently of its subscriptions. Its values are computed from the characters of the diagram.
    /// </summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="scheduler">The clock.</param>
    /// <param name="diagram">The diagram; its frame zero is tick 0 of the clock; messages before the current frame are not emitted.</param>
    /// <param name="values">Returns the value of a key.</param>
    /// <param name="errors">
    /// The errors that the diagram can name; null if it names none: a plain <c>#</c> is then an unspecified error.
    /// </param>
    /// <returns>The stream; it records its subscriptions. After its end, a new subscriber receives the end at once.</returns>
    /// <exception cref="ArgumentNullException">The clock, the diagram or the values are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public static ITestObservable<T> Hot<T>(
        this VirtualTimeScheduler<long, long> scheduler, string diagram, Func<char, T> values, MarbleErrors? errors = null)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return new HotObservable<T>(scheduler, MarbleDiagram.Hot(diagram, new MarbleValues<T>(values, errors)), tellsLateSubscribers: true);
    }

    /// <summary>
    /// Schedules a subscription for an expectation. Nothing runs before the first <c>ToBe</c>, which runs the clock until nothing is due:
    /// create all expectations of a test before the first <c>ToBe</c>.
    /// </summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="scheduler">The clock.</param>
    /// <param name="source">The stream.</param>
    /// <param name="subscription">
    /// A subscription diagram: the frames of the subscription and its disposal. The default is frame 0 without a disposal. A stream that
    /// never completes needs a disposal: <c>^ 10m !</c>.
    /// </param>
    /// <returns>The expectation.</returns>
    /// <exception cref="ArgumentNullException">The clock or the stream is null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read, or has no <c>^</c>.</exception>
    /// <exception cref="InvalidOperationException">The clock has already run past the subscription.</exception>
    public static ObservableExpectation<T> Expect<T>(
        this VirtualTimeScheduler<long, long> scheduler, IObservable<T> source, string subscription = "^")
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentNullException.ThrowIfNull(source);
        var when = MarbleDiagram.Subscription(subscription)
            ?? throw new MarbleFormatException(subscription, subscription.Length + 1, "There is no '^' to subscribe at");
        if (when.Subscribe < VirtualTime.TicksOf(scheduler.Frame()) || scheduler.IsEnabled)
        {
            throw new InvalidOperationException(
                $"The clock is already at {scheduler.Frame()} ms: plan all expectations of a test before the clock runs");
        }

        return new(scheduler, source, when);
    }
}
