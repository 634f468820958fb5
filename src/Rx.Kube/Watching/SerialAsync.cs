using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Runtime.ExceptionServices;

namespace Rx.Kube.Watching;

/// <summary>
/// Observable.Create over an async method, with one difference: an exception of the observer's own is not taken for a failure of the
/// source. It ends the subscription and is thrown on the scheduler, where Rx would have thrown it, and not lost in a task.
/// </summary>
internal static class SerialAsync
{
    public static IObservable<T> Create<T>(IScheduler scheduler, Func<IObserver<T>, CancellationToken, Task> subscribe) =>
        Observable.Create<T>(async (observer, ct) =>
        {
            try
            {
                await subscribe(new Guard<T>(observer), ct).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                // Disposed: nobody listens.
            }
            catch (ObserverException e)
            {
                scheduler.Schedule(() => ExceptionDispatchInfo.Throw(e.InnerException!));
            }
        });

    private sealed class Guard<T>(IObserver<T> observer) : IObserver<T>
    {
        public void OnNext(T value)
        {
            try
            {
                observer.OnNext(value);
            }
            catch (Exception e)
            {
                throw new ObserverException(e);
            }
        }

        public void OnError(Exception error) => observer.OnError(error);

        public void OnCompleted() => observer.OnCompleted();
    }

    private sealed class ObserverException(Exception inner) : Exception(inner.Message, inner);
}
