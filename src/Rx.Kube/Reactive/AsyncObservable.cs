using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Runtime.ExceptionServices;

namespace Rx.Kube;

/// <summary>
/// Observable.Create over an async method, with one difference: an exception of the observer's own is not taken for a failure of the
/// source. It ends the subscription and is thrown on the scheduler, where Rx would have thrown it, and not lost in a task. That counts
/// for all three messages: who leaves out onError must hear of the error, and what follows a failure is said inside OnError.
/// </summary>
internal static class AsyncObservable
{
    public static IObservable<T> Create<T>(IScheduler scheduler, Func<IObserver<T>, CancellationToken, Task> subscribe) =>
        Observable.Create<T>(async (observer, ct) =>
        {
            var guard = new Guard<T>(observer);
            try
            {
                await RunAsync(guard, subscribe, ct).ConfigureAwait(false);
            }
            catch (ObserverException e)
            {
                scheduler.Schedule(() => ExceptionDispatchInfo.Throw(e.InnerException!));
            }
        });

    private static async Task RunAsync<T>(Guard<T> observer, Func<IObserver<T>, CancellationToken, Task> subscribe, CancellationToken ct)
    {
        try
        {
            await subscribe(observer, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not ObserverException)
        {
            // Disposed: nobody listens.
            if (!ct.IsCancellationRequested)
            {
                observer.OnError(e);
            }

            return;
        }

        observer.OnCompleted();
    }

    private sealed class Guard<T>(IObserver<T> observer) : IObserver<T>
    {
        public void OnNext(T value)
        {
            // Written out: no closure per event.
            try
            {
                observer.OnNext(value);
            }
            catch (Exception e)
            {
                throw new ObserverException(e);
            }
        }

        public void OnError(Exception error) => Guarded(() => observer.OnError(error));

        public void OnCompleted() => Guarded(observer.OnCompleted);

        private static void Guarded(Action say)
        {
            try
            {
                say();
            }
            catch (Exception e)
            {
                throw new ObserverException(e);
            }
        }
    }

    private sealed class ObserverException(Exception inner) : Exception(inner.Message, inner);
}
