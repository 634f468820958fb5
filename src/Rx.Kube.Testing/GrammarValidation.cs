using System.Runtime.CompilerServices;

namespace Rx.Kube.Testing;

/// <summary>Finds streams that break the grammar of Rx.</summary>
public static class GrammarValidation
{
    /// <summary>Passes a stream on, and finds where it breaks the grammar of Rx.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="source">The stream.</param>
    /// <param name="log">Where violations are recorded; assert its <see cref="GrammarLog.ToHaveNoViolations"/> at the end of the test.</param>
    /// <param name="name">What messages call the stream; its expression, unless given.</param>
    /// <returns>The same stream, on the same threads. Violations are:
    /// <list type="bullet">
    /// <item><description>a call that begins while another is running, on another thread or inside it</description></item>
    /// <item><description>a call after OnError or OnCompleted</description></item>
    /// <item><description>a call that begins after Dispose has returned (one that is still running then is none)</description></item>
    /// <item><description>an OnError of null, a Subscribe that throws or returns null, a Dispose that throws</description></item>
    /// </list>
    /// A call that breaks the grammar is not passed on. What the observer throws goes through, and is no violation.
    /// </returns>
    /// <remarks>
    /// <para>Put it next to what is to be judged: Rx's own operators, <c>Observable.Create</c> and <c>Subscribe(onNext, …)</c> mute what
    /// comes too late, so behind them there is less to see.</para>
    /// <para>With real threads, a call that has left its source and not yet arrived when Dispose returns on another thread counts as
    /// too late. Rx's operators do not prevent that either, so dispose between calls where a test runs on several threads.</para>
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

    /// <summary>Passes a collection on, and finds where its lists and watches break the grammar of Rx.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <param name="source">The collection.</param>
    /// <param name="log">Where violations are recorded.</param>
    /// <returns>The same collection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IWatchable<T> ValidateGrammar<T>(this IWatchable<T> source, GrammarLog log)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(log);
        return new ValidatedWatchable<T>(source, log);
    }
}
