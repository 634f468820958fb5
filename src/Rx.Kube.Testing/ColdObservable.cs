using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Kube.Testing;

internal sealed class ColdObservable<T>(
    VirtualTimeScheduler<long, long> scheduler, IReadOnlyList<Timed<Notification<T>>> messages) : ITestObservable<T>
{
    private readonly SubscriptionLog _log = new(scheduler);

    public IReadOnlyList<Timed<Notification<T>>> Messages => messages;

    public IReadOnlyList<SubscriptionSpan> Subscriptions => _log.Subscriptions;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new CompositeDisposable(messages.Count + 1) { _log.Begin() };
        foreach (var message in messages)
        {
            subscription.Add(scheduler.ScheduleRelative(message.Time, () =>
            {
                // The subscription ends before the observer receives the end of the stream.
                if (message.Value.Kind != NotificationKind.OnNext)
                {
                    subscription.Dispose();
                }

                message.Value.Accept(observer);
            }));
        }

        return subscription;
    }
}
