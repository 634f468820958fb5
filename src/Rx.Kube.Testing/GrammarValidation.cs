using System.Runtime.CompilerServices;

namespace Rx.Kube.Testing;

/// <summary>Finds streams that violate the Rx grammar.</summary>
public static class GrammarValidation
{
    /// <summary>Passes a stream through and records where it violates the Rx grammar.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="source">The stream.</param>
    /// <param name="log">The log for violations; call its <see cref="GrammarLog.ToHaveNoViolations"/> at the end of the test.</param>
    /// <param name="name">The name of the stream in messages. The default is the C# expression of the stream.</param>
    /// <returns>The same stream, on the same threads. Violations are:
    /// <list type="bullet">
    /// <item><description>a call that begins while another is running, on another thread or inside it</description></item>
    /// <item><description>a call after OnError or OnCompleted</description></item>
    /// <item><description>a call that begins after Dispose has returned (a call that is still running then is allowed)</description></item>
    /// <item><description>an OnError of null, a Subscribe that throws or returns null, a Dispose that throws</description></item>
    /// </list>
    /// A call that violates the grammar is not passed on. An exception that the observer throws passes through and is not a violation.
    /// </returns>
    /// <remarks>
    /// <para>Call it directly on the stream under test: Rx's own operators, <c>Observable.Create</c> and <c>Subscribe(onNext, …)</c>
    /// suppress late calls, so violations are hidden after them.</para>
    /// <para>With real threads, a call that has left its source but not arrived when Dispose returns on another thread counts as late.
    /// Rx's operators do not prevent that either, so a test on several threads should dispose between calls.</para>
    /// </remarks>
    /// <example><code>
    /// var grammar = new GrammarLog(clock);
    /// clock.Cold("a-b|").ValidateGrammar(grammar).MyOperator().ValidateGrammar(grammar).Subscribe(seen);
    /// clock.Start();
    /// grammar.ToHaveNoViolations();
    /// </code></example>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="log"/> is null.</exception>
    public static IObservable<T> ValidateGrammar<T>(
        this IObservable<T> source, GrammarLog log, [CallerArgumentExpression(nameof(source))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(log);
        return new ValidatedObservable<T>(source, log, string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    /// <summary>Passes a collection through and records where its lists and watches violate the Rx grammar.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="source">The collection.</param>
    /// <param name="log">The log for violations.</param>
    /// <returns>The same collection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IWatchable<T> ValidateGrammar<T>(this IWatchable<T> source, GrammarLog log)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(log);
        return new ValidatedWatchable<T>(source, log);
    }
}
