using System.Reactive;

namespace Rx.Kube.Testing;

/// <summary>
/// Reads and draws marble diagrams: streams as text, in the syntax of RxJS 7. A frame is one millisecond, 10,000 ticks.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>mark</term><description>meaning</description></listheader>
/// <item><term>space</term><description>ignored, and takes no time; likewise tabs and line endings</description></item>
/// <item><term><c>-</c></term><description>one frame passes</description></item>
/// <item><term><c>a</c></term><description>a value, and one frame passes; every character without another meaning is the key of a value,
/// except characters of two code units (emoji) and invisible ones</description></item>
/// <item><term><c>|</c></term><description>completion</description></item>
/// <item><term><c>#</c>, <c>#gone</c></term><description>an error, with an optional name</description></item>
/// <item><term><c>(ab|)</c></term><description>everything in the frame of <c>(</c>; the group takes as many frames as it has
/// characters</description></item>
/// <item><term><c>[ab]</c></term><description>everything in one frame; the group takes one frame</description></item>
/// <item><term><c>10ms</c>, <c>1.5s</c>, <c>2m</c></term><description>that much time passes; must stand alone between
/// spaces</description></item>
/// <item><term><c>^</c></term><description>hot: frame zero, and one frame passes; subscription: its start; scripted response or
/// connection: where it opens</description></item>
/// <item><term><c>!</c></term><description>subscription: its end</description></item>
/// </list>
/// <para>An RxJS diagram has the same meaning here, with these exceptions: <c>^</c>, and <c>|</c> in a time diagram, count frames and not
/// characters; a duration may be the last mark; <c>[ab]</c> and named errors are added; and a mistake is an error that gives the column: a
/// key without a value, a group that is not closed or is nested in another group, a mark after the end, a second <c>^</c>, a duration in a
/// group, or a duration with a fraction of a millisecond. ADR 7 in the repository has the complete list.</para>
/// </remarks>
public static class MarbleDiagram
{
    /// <summary>Reads a cold diagram. Times count from the subscription.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="diagram">The diagram.</param>
    /// <param name="values">The value of each key.</param>
    /// <param name="errors">The errors by name. If null, a plain <c>#</c> matches any error.</param>
    /// <returns>The messages; times are ticks of 100 ns.</returns>
    /// <exception cref="ArgumentNullException">The diagram or the values are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public static IReadOnlyList<Timed<Notification<T>>> Cold<T>(
        string diagram, IReadOnlyDictionary<char, T> values, MarbleErrors? errors = null) =>
        Cold(diagram, new MarbleValues<T>(values, errors));

    /// <summary>Reads a cold diagram whose values are computed from the keys.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="diagram">The diagram.</param>
    /// <param name="values">Returns the value of a key.</param>
    /// <param name="errors">The errors by name. If null, a plain <c>#</c> matches any error.</param>
    /// <returns>The messages; times are ticks of 100 ns.</returns>
    /// <exception cref="ArgumentNullException">The diagram or the values are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public static IReadOnlyList<Timed<Notification<T>>> Cold<T>(
        string diagram, Func<char, T> values, MarbleErrors? errors = null) =>
        Cold(diagram, new MarbleValues<T>(values, errors));

    /// <summary>
    /// Reads a hot diagram. Times count from <c>^</c>, or from the start of the diagram; times before <c>^</c> are negative.
    /// </summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="diagram">The diagram.</param>
    /// <param name="values">The value of each key.</param>
    /// <param name="errors">The errors by name. If null, a plain <c>#</c> matches any error.</param>
    /// <returns>The messages; times are ticks of 100 ns.</returns>
    /// <exception cref="ArgumentNullException">The diagram or the values are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public static IReadOnlyList<Timed<Notification<T>>> Hot<T>(
        string diagram, IReadOnlyDictionary<char, T> values, MarbleErrors? errors = null) =>
        Hot(diagram, new MarbleValues<T>(values, errors));

    /// <summary>Reads a hot diagram whose values are computed from the keys.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="diagram">The diagram.</param>
    /// <param name="values">Returns the value of a key.</param>
    /// <param name="errors">The errors by name. If null, a plain <c>#</c> matches any error.</param>
    /// <returns>The messages; times are ticks of 100 ns.</returns>
    /// <exception cref="ArgumentNullException">The diagram or the values are null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public static IReadOnlyList<Timed<Notification<T>>> Hot<T>(
        string diagram, Func<char, T> values, MarbleErrors? errors = null) =>
        Hot(diagram, new MarbleValues<T>(values, errors));

    /// <summary>Reads a subscription diagram: <c>--^---!</c>.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <returns>
    /// The span from <c>^</c> to <c>!</c>, in ticks of 100 ns; it has no end if there is no <c>!</c>. Null if there is no <c>^</c>, which
    /// means no subscription.
    /// </returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public static SubscriptionSpan? Subscription(string diagram)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        return MarbleParser.Subscription(diagram) switch
        {
            [var start, var end] => new(VirtualTime.TicksOf(start.Frame), VirtualTime.TicksOf(end.Frame)),
            [var start] => new(VirtualTime.TicksOf(start.Frame)),
            _ => null,
        };
    }

    /// <summary>Reads a time diagram: <c>---|</c> is three milliseconds.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <returns>The time up to <c>|</c>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="MarbleFormatException">The diagram cannot be read.</exception>
    public static TimeSpan Time(string diagram)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        return TimeSpan.FromTicks(VirtualTime.TicksOf(MarbleParser.Time(diagram)));
    }

    /// <summary>
    /// Draws recorded messages. Reading the diagram back, with its values and errors, gives the same messages, each at the start of its
    /// frame. Messages that violate the Rx grammar are drawn as they are, and cannot be read back.
    /// </summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="messages">The messages, in order; not before tick 0.</param>
    /// <param name="comparer">Compares values, because equal ones share a key; null for the default.</param>
    /// <returns>The diagram with the values of its keys.</returns>
    /// <exception cref="ArgumentNullException">The messages are null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A message is before tick 0, or before the previous message.</exception>
    /// <exception cref="InvalidOperationException">There are more distinct values than letters (about 48,000).</exception>
    public static DrawnMarbles<T> Draw<T>(IEnumerable<Timed<Notification<T>>> messages, IEqualityComparer<T>? comparer = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var keys = new MarbleKeys<T>(comparer);
        var tokens = keys.Tokens(messages);
        return new(MarbleLayout.Draw(tokens).Rows[0], keys.Values, keys.Error);
    }

    internal static List<Timed<Notification<T>>> Cold<T>(string diagram, MarbleValues<T> values)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        return values.Messages(diagram, MarbleParser.Cold(diagram));
    }

    internal static List<Timed<Notification<T>>> Hot<T>(string diagram, MarbleValues<T> values)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        return values.Messages(diagram, MarbleParser.Hot(diagram));
    }
}
