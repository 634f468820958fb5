using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// The operator behind <see cref="KubeObservable.ObserveLatest"/>: each subscription has a gate, emptied on the scheduler.
/// </summary>
internal static class ObserveLatestOperator
{
    public static IObservable<T> Create<T>(IObservable<T> source, IScheduler scheduler) => Observable.Create<T>(observer =>
    {
        var gate = new LatestValueGate<T>(observer);
        var delivery = new ScheduledDelivery<T>(gate, scheduler);
        var subscription = source.SubscribeSafe(Observer.Create<T>(
            value =>
            {
                gate.Put(value);
                delivery.Run();
            },
            error => End(error),
            () => End(null)));
        return StableCompositeDisposable.Create(subscription, delivery);

        void End(Exception? error)
        {
            gate.End(error);
            delivery.Run();
        }
    });
}
