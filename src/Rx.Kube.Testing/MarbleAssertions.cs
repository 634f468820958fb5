using System.Reactive;

namespace Rx.Kube.Testing;

/// <summary>Assertions on recorded streams and subscriptions.</summary>
public static class MarbleAssertions
{
    /// <summary>
    /// Runs the clock until nothing is due, and checks that the stream emitted exactly what the diagram shows. Each value is the
    /// character of its key.
    /// </summary>
    /// <param name="expectation">The expectation.</param>
    /// <param name="diagram">The diagram.</param>
    /// <param name="errors">The errors; null to accept any error for a plain <c>#</c>.</param>
    /// <exception cref="ArgumentNullException">The expectation or the diagram is null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    /// <exception cref="MarbleAssertionException">
    /// The stream emitted something else, or more than 100,000 notifications; or a <see cref="VirtualClock"/> did not finish in 5,000,000
    /// steps.
    /// </exception>
    /// <exception cref="InvalidOperationException">The clock is running, or a stream on another clock was subscribed to.</exception>
    /// <exception cref="GrammarException">The stream violated the Rx grammar.</exception>
    public static void ToBe(this ObservableExpectation<char> expectation, string diagram, MarbleErrors? errors = null)
    {
        ArgumentNullException.ThrowIfNull(expectation);
        expectation.ToBe(diagram, c => c, errors);
    }

    /// <summary>Checks what an observer has recorded so far; times are frames of the clock.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="observer">The observer.</param>
    /// <param name="diagram">The diagram.</param>
    /// <param name="values">The value of each key.</param>
    /// <param name="errors">The errors; null to accept any error for a plain <c>#</c>.</param>
    /// <param name="comparer">Compares values; null for the default.</param>
    /// <exception cref="ArgumentNullException">The observer, the diagram or the values are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    /// <exception cref="MarbleAssertionException">The observer has recorded something else.</exception>
    public static void ToHaveMessages<T>(
        this ITestObserver<T> observer, string diagram, IReadOnlyDictionary<char, T> values, MarbleErrors? errors = null,
        IEqualityComparer<T>? comparer = null) =>
        ToHaveMessages(observer, diagram, new MarbleValues<T>(values, errors), comparer);

    /// <summary>Checks what an observer has recorded so far; times are frames of the clock.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="observer">The observer.</param>
    /// <param name="diagram">The diagram.</param>
    /// <param name="values">Returns the value of a key.</param>
    /// <param name="errors">The errors; null to accept any error for a plain <c>#</c>.</param>
    /// <param name="comparer">Compares values; null for the default.</param>
    /// <exception cref="ArgumentNullException">The observer, the diagram or the values are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    /// <exception cref="MarbleAssertionException">The observer has recorded something else.</exception>
    public static void ToHaveMessages<T>(
        this ITestObserver<T> observer, string diagram, Func<char, T> values, MarbleErrors? errors = null,
        IEqualityComparer<T>? comparer = null) =>
        ToHaveMessages(observer, diagram, new MarbleValues<T>(values, errors), comparer);

    /// <summary>Checks the starts and ends of all subscriptions to a stream so far; times are frames of the clock.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="source">The stream.</param>
    /// <param name="diagrams">A diagram for each subscription, in the order of their starts; diagrams without <c>^</c> are ignored.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="MarbleFormatException">A diagram cannot be read.</exception>
    /// <exception cref="MarbleAssertionException">The subscriptions differ.</exception>
    public static void ToHaveSubscriptions<T>(this ITestObservable<T> source, params string[] diagrams)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(diagrams);
        List<MarbleToken>[] expected = [.. diagrams.Select(Tokens).Where(t => t.Count > 0)];
        List<MarbleToken>[] actual = [.. source.Subscriptions.Select(Tokens)];
        var same = expected.Zip(actual).TakeWhile(p => p.First.SequenceEqual(p.Second)).Count();
        if (same == expected.Length && same == actual.Length)
        {
            return;
        }

        var rows = MarbleLayout.Draw([.. expected, .. actual]).Rows;
        var lines = rows.Take(expected.Length).DefaultIfEmpty("none").Select(row => $"  expected: {row}")
            .Concat(rows.Skip(expected.Length).DefaultIfEmpty("none").Select(row => $"  actual:   {row}"));
        var (due, was) = (Words(expected, same), same < actual.Length ? $"it was {Words(actual, same)}" : "there was none");
        throw new MarbleAssertionException(string.Join(
            Environment.NewLine, [$"Subscription {same + 1} differs: expected {due}, but {was}.", .. lines]));
    }

    /// <summary>Checks that messages are exactly these, to the tick.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="actual">The recorded items.</param>
    /// <param name="expected">The expected items.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="MarbleAssertionException">They differ.</exception>
    public static void AssertEqual<T>(
        this IEnumerable<Timed<Notification<T>>> actual, params Timed<Notification<T>>[] expected) => Compare(actual, expected);

    /// <summary>Checks that subscriptions are exactly these, to the tick.</summary>
    /// <param name="actual">The recorded items.</param>
    /// <param name="expected">The expected items.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="MarbleAssertionException">They differ.</exception>
    public static void AssertEqual(this IEnumerable<SubscriptionSpan> actual, params SubscriptionSpan[] expected) =>
        Compare(actual, expected);

    /// <summary>Draws recorded messages; short for <see cref="MarbleDiagram.Draw"/>.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="messages">The messages, in order; not before tick 0.</param>
    /// <returns>The diagram with the values of its keys.</returns>
    /// <exception cref="ArgumentNullException">The messages are null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A message is before tick 0, or before the previous message.</exception>
    /// <exception cref="InvalidOperationException">There are more distinct values than letters (about 48,000).</exception>
    public static DrawnMarbles<T> ToMarbles<T>(this IEnumerable<Timed<Notification<T>>> messages) => MarbleDiagram.Draw(messages);

    private static void ToHaveMessages<T>(
        ITestObserver<T> observer, string diagram, MarbleValues<T> values, IEqualityComparer<T>? comparer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        ArgumentNullException.ThrowIfNull(diagram);
        new MarbleComparison<T>(diagram, MarbleParser.Cold(diagram), values, comparer)
            .Check(observer.Messages, (observer as RecordingObserver<T>)?.ScriptNotes ?? "");
    }

    private static List<MarbleToken> Tokens(string diagram) =>
        MarbleDiagram.Subscription(diagram) is { } subscription ? Tokens(subscription) : [];

    private static List<MarbleToken> Tokens(SubscriptionSpan subscription)
    {
        var start = new MarbleToken(MarbleKind.Start, VirtualTime.FrameOf(subscription.Subscribe));
        return subscription.Unsubscribe == SubscriptionSpan.Infinite
            ? [start]
            : [start, new(MarbleKind.Unsubscribe, VirtualTime.FrameOf(subscription.Unsubscribe))];
    }

    private static string Words(List<MarbleToken>[] subscriptions, int i) => i >= subscriptions.Length ? "none" : subscriptions[i] switch
    {
        [var start, var end] => $"from {start.Frame} ms to {end.Frame} ms",
        [var start, ..] => $"from {start.Frame} ms without an end",
        _ => "none",
    };

    private static void Compare<T>(IEnumerable<T> actual, T[] expected)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(expected);
        T[] all = [.. actual];
        var same = all.Zip(expected).TakeWhile(p => Equals(p.First, p.Second)).Count();
        string Side(T[] side) => same < side.Length ? MarbleText.Of(side[same]) : "nothing more";
        if (same < all.Length || same < expected.Length)
        {
            var number = $"{same + 1} of {Math.Max(all.Length, expected.Length)}";
            throw new MarbleAssertionException($"Record {number} differs: expected {Side(expected)}, but it was {Side(all)}.");
        }
    }
}
