using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>Waits for the first complete snapshot: implements <c>FirstSyncedAsync</c>.</summary>
internal static class FirstSync
{
    public static async Task<T> OfAsync<T>(
        IObservable<T> source, TimeSpan timeout, IScheduler scheduler, KubeConnection? connection, CancellationToken cancellationToken)
        where T : ISnapshot
    {
        // The caller must not go on inside OnNext: if it blocks there, it stops the watch that it waits for.
        var first = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        WatchInterruption? last = null;
        using var cancelling = cancellationToken.Register(() => first.TrySetCanceled(cancellationToken));
        using var waiting = Observable.Timer(timeout, scheduler)
            .Subscribe(_ => first.TrySetException(new FirstSyncTimeoutException(timeout, Volatile.Read(ref last), connection)));
        using var subscription = source.Subscribe(
            snapshot =>
            {
                if (snapshot.Freshness is Freshness.Syncing syncing)
                {
                    Volatile.Write(ref last, syncing.Interruption);
                }
                else
                {
                    first.TrySetResult(snapshot);
                }
            },
            error => first.TrySetException(error),
            () => first.TrySetException(new InvalidOperationException("The stream completed before a complete list arrived.")));
        return await first.Task.ConfigureAwait(false);
    }
}
