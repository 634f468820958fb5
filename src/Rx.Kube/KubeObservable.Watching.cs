using System.Reactive.Concurrency;

namespace Rx.Kube;

public static partial class KubeObservable
{
    /// <summary>
    /// Lists, watches from the list's version, resumes from the last version whenever a watch ends, and lists again when that version is
    /// gone. The stream never completes. Changes are never lost silently: what happened in a gap is part of the new list.
    /// </summary>
    /// <typeparam name="T">The decoded object.</typeparam>
    /// <param name="source">The collection to watch.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="scheduler">
    /// The clock; <see cref="Scheduler.Default"/> when omitted. It must not block in Subscribe, as <see cref="ImmediateScheduler"/> does.
    /// Events are emitted one at a time, on the thread on which they arrive.
    /// </param>
    /// <returns>
    /// A cold stream: each subscription has one list or watch open at a time. It never completes. It fails only before the first watch is
    /// open, on errors that retrying cannot fix, and when the connection is disposed.
    /// </returns>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Event</term><description>Reaction</description></listheader>
    /// <item><term>The watch is closed cleanly</term><description>Resumed at once; nothing is emitted. A watch that lived less than a
    /// second and sent nothing counts as a failure, and so does the second short one in a row, whatever it sent.</description></item>
    /// <item><term>The watch falls silent, after a bookmark has shown that the server sends them</term><description>Resumed at once;
    /// nothing is emitted. An idle server is silent as well; its answer to the new watch shows that it is alive.</description></item>
    /// <item><term>410, as status or as event</term><description>Listed again at no less than the last version, at once; if that fails too,
    /// at the most recent one. 410 twice in a row backs off.</description></item>
    /// <item><term>Broken, unanswered, unreachable, 5xx</term><description><see cref="WatchEvent{T}.Interrupted"/>, backoff, resumed from
    /// the last version. <see cref="WatchEvent{T}.Resumed"/> is emitted before the first event of the new watch, or when that watch has
    /// been open for a second: a server may open it only to report 410.</description></item>
    /// <item><term>429, or any Retry-After</term><description>The same, and nothing is sent before the time that the server asked for. It
    /// never leads to a list.</description></item>
    /// <item><term>A violation of the protocol (an event too long, broken JSON)</term><description>The same, and listed again: what was
    /// lost cannot be known.</description></item>
    /// <item><term>The connection is disposed</term><description>OnError with <see cref="ObjectDisposedException"/>.</description></item>
    /// <item><term>400, 401, 403, 404, an untrusted certificate, a broken configuration</term><description>Before the first watch is open:
    /// OnError. After it: backoff, like a 5xx.</description></item>
    /// </list>
    /// Sources: Kubernetes API concepts, "Efficient detection of changes"; client-go's reflector for the defaults.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<WatchEvent<T>> Resume<T>(
        this IWatchable<T> source, ResumeOptions? options = null, IScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return ResumeOperator.Create(source, options ?? ResumeOptions.Default, ResumeRules.Default, scheduler ?? Scheduler.Default);
    }

    /// <summary>Lists the most recent state.</summary>
    /// <typeparam name="T">The decoded object.</typeparam>
    /// <param name="source">The collection.</param>
    /// <returns>One complete list, or OnError. Cold.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<WatchEvent<T>.Listed> List<T>(this IWatchable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.List(ListOptions.MostRecent);
    }

    /// <summary>
    /// Watches from a version until the server closes the watch. One subscription is one HTTP request; <see cref="Resume"/> turns it into a
    /// stream that never completes.
    /// </summary>
    /// <typeparam name="T">The decoded object.</typeparam>
    /// <param name="source">The collection.</param>
    /// <param name="fromVersion">The version after which events are wanted.</param>
    /// <returns>The watch. Cold.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<WatchEvent<T>> Watch<T>(this IWatchable<T> source, string fromVersion)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(fromVersion);
        return source.Watch(new WatchOptions(fromVersion));
    }

    /// <summary>
    /// Fails with a <see cref="WatchSilentException"/> when a watch is silent for too long. The first bookmark arms the timeout, because it
    /// shows that the server sends bookmarks: before that, a watch of an idle collection looks the same as a dead connection.
    /// </summary>
    /// <typeparam name="T">The decoded object.</typeparam>
    /// <param name="watch">One watch.</param>
    /// <param name="silence">
    /// The longest time without an event. More than zero and at most one day. The time that the subscriber spends in OnNext does not count.
    /// </param>
    /// <param name="armed">Whether bookmarks of this server were seen before, so that silence counts from the subscription on.</param>
    /// <param name="scheduler">The clock, which must be monotonic; <see cref="Scheduler.Default"/> when omitted.</param>
    /// <returns>A cold stream. The effect of each event:
    /// <list type="table">
    /// <item><term>An event of the watch</term><description>that event, at once, on its thread; the silence starts
    /// over</description></item>
    /// <item><term>Silence, once armed</term><description>OnError with a <see cref="WatchSilentException"/>, on the scheduler; the watch is
    /// unsubscribed from</description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <remarks>Nothing is buffered, and no lock is held while the subscriber is called. There is one timer.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="watch"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="silence"/> is out of its range.</exception>
    public static IObservable<WatchEvent<T>> TimeoutOnceBookmarked<T>(
        this IObservable<WatchEvent<T>> watch, TimeSpan silence, bool armed = false, IScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(watch);
        TimeRange.Positive(silence, nameof(silence));
        return SilenceWatchdog<T>.Create(watch, silence, armed, evidence: null, scheduler ?? Scheduler.Default);
    }
}
