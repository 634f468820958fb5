using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Runtime.ExceptionServices;

namespace Rx.Kube;

/// <summary>
/// Observable.Create over an async method, with one difference: an exception that the observer throws is not treated as a failure of the
/// source. It ends the subscription and is thrown on the scheduler, where Rx would throw it, instead of being lost in a task. That applies
/// to all three messages: without an onError handler the error must still surface, because the default handler throws it inside OnError.
/// </summary>
internal static class AsyncObservable
{
    /// <summary>
    /// Creates a cold observable of an async method. It completes when the method returns, and fails when the method throws.
    /// </summary>
    /// <param name="scheduler">Where exceptions of the observer are thrown.</param>
    /// <param name="subscribe">The method; disposal cancels its token, and nothing is reported after that.</param>
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
            // After disposal the failure has no receiver.
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
            // Written out, to avoid a closure per event.
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

        private static void Guarded(Action call)
        {
            try
            {
                call();
            }
            catch (Exception e)
            {
                throw new ObserverException(e);
            }
        }
    }
}

/// <summary>Carries what an observer threw past the source, which is innocent.</summary>
internal sealed class ObserverException(Exception inner) : Exception(inner.Message, inner);
