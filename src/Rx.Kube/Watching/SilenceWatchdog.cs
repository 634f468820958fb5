using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube.Watching;

/// <summary>Finds dead connections that look open.</summary>
public static class SilenceWatchdog
{
    /// <summary>
    /// Fails with a <see cref="TimeoutException"/> when a watch says nothing for too long. It is armed by the first bookmark, which shows
    /// that the server sends them: before that, a quiet watch of a quiet collection looks like a dead one.
    /// </summary>
    /// <typeparam name="T">The decoded object.</typeparam>
    /// <param name="watch">One watch.</param>
    /// <param name="silence">How long it may say nothing. Positive.</param>
    /// <param name="scheduler">The clock, which must be monotonic; <see cref="Scheduler.Default"/> when omitted.</param>
    /// <returns>The watch, cut when it falls silent.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="watch"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="silence"/> is not positive.</exception>
    public static IObservable<WatchEvent<T>> TimeoutOnceBookmarked<T>(
        this IObservable<WatchEvent<T>> watch, TimeSpan silence, IScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(watch);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(silence, TimeSpan.Zero);
        scheduler ??= Scheduler.Default;
        return Observable.Defer(() =>
        {
            var armed = false;
            var alarm = Observable.Timer(silence, scheduler);
            return watch.Timeout(
                Observable.Never<long>(),
                e => (armed |= e is WatchEvent<T>.Bookmark) ? alarm : Observable.Never<long>(),
                Observable.Throw<WatchEvent<T>>(new TimeoutException(
                    $"the watch said nothing for {silence.TotalSeconds:0.#} s, although the server sends bookmarks")));
        });
    }
}
