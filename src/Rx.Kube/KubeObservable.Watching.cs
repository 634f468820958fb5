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
    /// The clock; <see cref="Scheduler.Default"/> when omitted. It must not block in Schedule, as <see cref="ImmediateScheduler"/> does.
    /// Events are emitted one at a time, on the thread on which they arrive.
    /// </param>
    /// <returns>
    /// A cold stream: each subscription has one list or watch open at a time, and at times the list of an audit beside it. It never
    /// completes. It fails only when the first list or the first watch is refused for a reason that waiting does not fix, unless
    /// <see cref="ResumeOptions.RefusalBackoff"/> is set, and when the connection is disposed.
    /// </returns>
    /// <remarks>
    /// <para>What ends a list or a watch decides what follows. A watch has <i>lived</i> if it was open for a second. A shorter one has
    /// lived only if it sent something and the watch before it was longer, or if it took a second from its request to its end, as a watch
    /// that a proxy buffers does. Every backoff is that of <see cref="ResumeOptions.Backoff"/>.</para>
    /// <list type="table">
    /// <listheader><term>End</term><description>Reaction</description></listheader>
    /// <item><term>A watch that lived ends at its lifetime (<see cref="ResumeOptions.WatchTimeout"/>), or is still open 30 s later; or
    /// nothing arrives for <see cref="ResumeOptions.SilenceTimeout"/>, after a bookmark has shown that the server sends
    /// them</term><description>Resumed at once from the last version. Both times are random, so that many clients do not reconnect
    /// together.</description></item>
    /// <item><term>A watch that lived breaks, or is closed before its lifetime</term><description>Resumed from the last version, after a
    /// random time of up to 2 % of its life and at most 3 s.</description></item>
    /// <item><term>A watch that did not live; a server that cannot be reached or does not answer; 5xx; 408</term><description>Backoff, then
    /// the same request. The waits grow with such failures in a row; they start over after a watch that lived, and <see
    /// cref="Backoff.ResetAfter"/> after the last failure. Five watches from one version that fail with a 5xx, or end within a second of
    /// opening, lead to a list at no less than that version.</description></item>
    /// <item><term>410 as the answer to a watch, or in it</term><description>A list at no less than the last version, after a random time
    /// of up to 1.5 s. If the answer is another 410, "too large", or an older version: a list of the most recent state, at once. When a 410
    /// repeats, without a watch in between that lived for ten seconds and reached a new version, and within <see
    /// cref="Backoff.ResetAfter"/>: backoff before the list.</description></item>
    /// <item><term>410 as the answer to the first list; "too large" as the answer to a watch</term><description>A list of the most recent
    /// state, after the same time, or backoff.</description></item>
    /// <item><term>An event or bookmark with a version below the one reached</term><description>The event is dropped. A list of the most
    /// recent state, after the same time, or backoff; if its version is lower too, its <see cref="Continuity"/> is <see
    /// cref="Continuity.WentBack"/>. (An event at the version reached is dropped, and nothing follows.)</description></item>
    /// <item><term>An audit finds a difference that lasts ten seconds, or a lower version. An audit is a list beside the watch, periodic,
    /// or because a reopened watch has been silent for a minute (which needs a watch that lives so long): see <see
    /// cref="ResumeOptions.AuditInterval"/></term><description>A list of the most recent state, after the same time, or
    /// backoff.</description></item>
    /// <item><term>429</term><description>Backoff, then the same request, however often: never a list instead of a watch. Nothing is sent
    /// before the time that a <c>Retry-After</c> of any status asks for, at most <see cref="ResumeOptions.MaxRetryAfter"/>; a random time
    /// of up to 1.5 s is added.</description></item>
    /// <item><term>Another ERROR event in the watch; a violation of the protocol (an event too long, broken JSON, an impossible
    /// version)</term><description>Backoff, then a list at no less than the last version: what was lost cannot be known. As for 410, the
    /// waits grow when this repeats, however long each watch lived.</description></item>
    /// <item><term>A list, plain or streamed, that is not empty, of which nothing can be decoded, if none of its objects was decoded
    /// before and is still held (without metadata: if nothing was decoded before)</term><description>Backoff, then the list again: the type
    /// does not fit, and an empty state would be wrong. The state before it stays. The cause is <see
    /// cref="InterruptionKind.Undecodable"/>. Otherwise what cannot be decoded is skipped.</description></item>
    /// <item><term>3xx, any other 4xx (400, 401, 403, 404, 405, 406, 415, 422, …), an untrusted certificate, a broken
    /// configuration</term><description>As the answer to a list, plain or streamed, before one has arrived, and as the answer to the very
    /// first watch: OnError. Later, which includes the time after a first watch that ended in another way, and after a list that was
    /// streamed: backoff, then the same request, however often; with <see cref="ResumeOptions.RefusalBackoff"/> always so, and with those
    /// waits. A connection has by then answered a 401 with new credentials and one more request, if it found others than those that were
    /// refused.</description></item>
    /// <item><term>A streaming list is refused with a 3xx or a 4xx other than 401, 403 and 404; sends nothing for 30 s before its last
    /// initial event; does not reach that event within 60 s; or sends a bookmark before it</term><description>A list, at once; later lists
    /// of the subscription are not streamed. After three other failures in a row, or one that took 30 s: the same, after the
    /// backoff.</description></item>
    /// <item><term>The connection is disposed</term><description>OnError with <see cref="ObjectDisposedException"/> at once, in a wait too.
    /// An application's own <see cref="HttpClient"/>: at the next request.</description></item>
    /// </list>
    /// <para>A gap is reported as <see cref="WatchEvent{T}.Interrupted"/> when it has lasted a second. So a short one is not reported. It
    /// is reported at once if the next request is known to be later than that (with the default backoff of 0.8 to 1.6 s, three of four
    /// first failures), or if the server refuses the client (the row of 3xx and 4xx). A watch that opens stops the second; if it then ends
    /// without having lived, the gap is as old as its first loss. Each further failure in a reported gap is another <see
    /// cref="WatchEvent{T}.Interrupted"/>. The gap ends with a list, or with <see cref="WatchEvent{T}.Resumed"/>, which is emitted before
    /// the first event of the new watch, or when that watch has been open for a second: a server may open it only to report 410. A watch
    /// that is not answered for 30 s is reported as <see cref="InterruptionKind.Silent"/> and stays open, because a proxy may hold the
    /// answer back. <see cref="WatchInterruption.Since"/> is when the server was last heard.</para>
    /// <para>A subscriber that blocks in OnNext delays its own events only. That time is not silence, and a watch is not ended during the
    /// call; one whose lifetime is over is resumed when OnNext returns, and the server sends again what was not delivered.</para>
    /// <para>A list is never partial: neither <see cref="WatchEvent{T}.Listed"/> nor a streaming list in progress is visible before it is
    /// complete.</para>
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
        return SilenceWatchdog<T>.Create(watch, silence, armed, scheduler ?? Scheduler.Default);
    }

    /// <summary>
    /// Subscribes again whenever a stream ends, by completion or by error, with one policy for both: for watches and other connections that
    /// are not resumed by <see cref="Resume"/>.
    /// </summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="source">The stream. It should be cold: events that a hot stream emits during a wait are lost.</param>
    /// <param name="backoff">
    /// The waits; null for <see cref="Backoff.Default"/>. They grow with each end, and start over after a subscription that lasted
    /// <see cref="Backoff.ResetAfter"/>.
    /// </param>
    /// <param name="isFatal">
    /// Whether an error ends the stream, because retrying cannot fix it; null if no error does. If it throws, the stream ends with that
    /// exception.
    /// </param>
    /// <param name="random">The source of the jitter; null for <see cref="RandomSource.Default"/>.</param>
    /// <param name="scheduler">The clock of the waits; <see cref="Scheduler.Default"/> when omitted.</param>
    /// <returns>A cold stream; each subscription has its own waits. The effect of each event:
    /// <list type="table">
    /// <item><term>An event of the source</term><description>that event, at once, on its thread</description></item>
    /// <item><term>OnCompleted</term><description>nothing; the next subscription after the wait, on the scheduler</description></item>
    /// <item><term>OnError</term><description>the same, or the error if it is fatal</description></item>
    /// </list>
    /// It never completes.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<T> Reconnect<T>(
        this IObservable<T> source, Backoff? backoff = null, Func<Exception, bool>? isFatal = null, RandomSource? random = null,
        IScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return ReconnectOperator.Create(
            source, (backoff ?? Backoff.Default).Checked(nameof(backoff)), isFatal ?? (_ => false), random ?? RandomSource.Default,
            scheduler ?? Scheduler.Default);
    }
}
