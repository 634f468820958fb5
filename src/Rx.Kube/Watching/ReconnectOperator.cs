using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>Behind <see cref="KubeObservable.Reconnect"/>: one subscription after another, with a wait after each.</summary>
internal static class ReconnectOperator
{
    public static IObservable<T> Create<T>(
        IObservable<T> source, Backoff backoff, Func<Exception, bool> isFatal, RandomSource random, IScheduler scheduler) =>
        Observable.Defer(() =>
        {
            var (next, clock, failures) = (random.NewSequence(), scheduler.StartStopwatch(), 0);
            return Observable.Defer(() =>
            {
                var start = clock.Elapsed;
                return source
                    .Catch<T, Exception>(e => isFatal(e) ? Observable.Throw<T>(e) : Observable.Empty<T>())
                    .Concat(Observable.Defer(() =>
                    {
                        failures = clock.Elapsed - start >= backoff.ResetAfter ? 0 : failures;
                        return Observable.Empty<T>().DelaySubscription(backoff.Delay(failures++, next()), scheduler);
                    }));
            }).Repeat();
        });
}
