using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube.Cli.Watching;

/// <summary>Limits the wait for the first complete snapshot.</summary>
internal static class FirstSync
{
    /// <summary>Passes all snapshots through; fails when no snapshot is complete within the timeout.</summary>
    /// <param name="source">The snapshots.</param>
    /// <param name="timeout">How long to wait; zero means without limit.</param>
    /// <param name="scheduler">The clock.</param>
    /// <param name="late">Creates the error.</param>
    /// <returns>
    /// The same snapshots. After the timeout, OnError with a <see cref="FirstSyncTimeoutException"/> that has the last cause.
    /// </returns>
    public static IObservable<ServiceTopology> FirstSyncWithin(
        this IObservable<ServiceTopology> source, TimeSpan timeout, IScheduler scheduler,
        Func<TimeSpan, WatchInterruption?, FirstSyncTimeoutException> late) =>
        timeout == TimeSpan.Zero ? source : source.Publish(shared =>
        {
            var synced = shared.FirstOrDefaultAsync(s => s.Freshness.IsSynced); // also ends with the source
            var tooLate = Observable.Timer(timeout, scheduler).TakeUntil(synced).Select(_ => (ServiceTopology?)null);
            return tooLate.Merge(shared)
                .Scan((last, next) => next ?? throw late(timeout, last?.Freshness.Cause))
                .Select(s => s ?? throw late(timeout, null));
        });
}
