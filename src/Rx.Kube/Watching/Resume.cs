using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>The resumed watch.</summary>
public static partial class KubeObservable
{
    /// <summary>
    /// Lists, watches from the list's version, resumes from the last version after every kind of end, and lists again when that
    /// version is gone: for ever, and without missing a change.
    /// </summary>
    /// <typeparam name="T">The decoded object.</typeparam>
    /// <param name="source">What to watch.</param>
    /// <param name="options">The policies; null for the defaults.</param>
    /// <param name="scheduler">The clock; <see cref="Scheduler.Default"/> when omitted. Not one that waits in Subscribe, such as <see cref="ImmediateScheduler"/>. Events come on whatever thread they arrive on, one after another.</param>
    /// <returns>
    /// A cold stream: one subscription is one list and one watch at a time. It never completes. It fails only before the first watch is open,
    /// for what waiting cannot cure, and when the connection is disposed.
    /// </returns>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>What happens</term><description>What is done</description></listheader>
    /// <item><term>The watch is closed cleanly</term><description>Resumed at once, without a word. A watch that lived less than a second and said nothing counts as a failure, and so does the second in a row whatever it said.</description></item>
    /// <item><term>The watch falls silent, after a bookmark has shown that the server sends them</term><description>Resumed at once, without a word: an idle server is silent as well, and its answer tells.</description></item>
    /// <item><term>410, as status or as event</term><description>Listed again at no less than the last version, at once; if that fails too, at the most recent one. 410 twice in a row backs off.</description></item>
    /// <item><term>Broken, unanswered, unreachable, 5xx</term><description><see cref="WatchEvent{T}.Interrupted"/>, backoff, resumed from the last version. <see cref="WatchEvent{T}.Resumed"/> is said with the first event of the new watch, or when it has been open for a second: a server may open it only to say 410.</description></item>
    /// <item><term>429, or any Retry-After</term><description>The same, and nothing is sent before the time the server asked for. It never leads to a list.</description></item>
    /// <item><term>Not the protocol (an event too long, broken JSON)</term><description>The same, and listed again: what was lost cannot be known.</description></item>
    /// <item><term>The connection is disposed</term><description>OnError with <see cref="ObjectDisposedException"/>.</description></item>
    /// <item><term>400, 401, 403, 404, an untrusted certificate, a broken configuration</term><description>Before the first watch is open: OnError. After it: backoff, like a 5xx.</description></item>
    /// </list>
    /// Sources: Kubernetes API concepts, "Efficient detection of changes"; client-go's reflector for the defaults.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<WatchEvent<T>> Resume<T>(
        this IWatchable<T> source, ResumeOptions? options = null, IScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= ResumeOptions.Default;
        scheduler ??= Scheduler.Default;
        return Observable.Defer(() =>
        {
            var session = new ResumeSession<T>(source is KubeWatchable<T> kube ? kube.WithOwnDecoders() : source, options, scheduler);
            return Observable.Defer(session.Attempt).Repeat();
        });
    }
}
