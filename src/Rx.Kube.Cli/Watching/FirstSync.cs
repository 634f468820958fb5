using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube.Cli.Watching;

/// <summary>Bounds the wait for the first complete snapshot.</summary>
internal static class FirstSync
{
    /// <summary>Passes all snapshots; fails when none is complete in time.</summary>
    /// <param name="source">The snapshots.</param>
    /// <param name="timeout">How long to wait; zero for ever.</param>
    /// <param name="scheduler">The clock.</param>
    /// <returns>The same snapshots, until the source ends; OnError with a <see cref="FirstSyncTimeoutException"/> that has the last cause.</returns>
    public static IObservable<ServiceTopology> FirstSyncWithin(
        this IObservable<ServiceTopology> source, TimeSpan timeout, IScheduler scheduler) =>
        timeout == TimeSpan.Zero ? source : source.Publish(shared =>
        {
            var over = shared.FirstOrDefaultAsync(s => s.Freshness.IsSynced); // once synced, or at the end of the source
            var tooLate = Observable.Timer(timeout, scheduler).TakeUntil(over).Select(_ => (ServiceTopology?)null);
            return tooLate.Merge(shared).Scan((last, next) => next ?? throw new FirstSyncTimeoutException(timeout, CauseOf(last)))
                .Select(s => s ?? throw new FirstSyncTimeoutException(timeout, null));
        });

    private static WatchInterruption? CauseOf(ServiceTopology? last) => (last?.Freshness as Freshness.Syncing)?.Interruption;
}

/// <summary>No complete snapshot came in time.</summary>
/// <param name="timeout">How long it was waited.</param>
/// <param name="cause">The last failed attempt; null when none had failed.</param>
internal sealed class FirstSyncTimeoutException(TimeSpan timeout, WatchInterruption? cause)
    : Exception("no complete snapshot came in time", cause?.Error)
{
    /// <summary>How long it was waited.</summary>
    public TimeSpan Timeout { get; } = timeout;

    /// <summary>The last failed attempt; null when none had failed.</summary>
    public WatchInterruption? Cause { get; } = cause;
}
