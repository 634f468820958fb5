using System.Collections.Immutable;
using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Kube.Testing;

internal sealed class HotObservable<T> : ITestObservable<T>
{
    private readonly SubscriptionLog _log;
    private readonly bool _tellsLateSubscribers;
    private ImmutableList<Subscriber> _subscribers = [];
    private Notification<T>? _end;

    public HotObservable(
        VirtualTimeScheduler<long, long> scheduler, IReadOnlyList<Timed<Notification<T>>> messages, bool tellsLateSubscribers)
    {
        (_log, _tellsLateSubscribers, Messages) = (new(scheduler), tellsLateSubscribers, messages);
        bool IsPast(Timed<Notification<T>> message) => message.Frame < scheduler.Frame();
        _end = messages.LastOrDefault(IsPast).Value is { Kind: not NotificationKind.OnNext } end ? end : null;

        // Scheduled when the clock starts and not here: within one frame, the subscriptions and disposals that a test has planned then
        // come before the emission, and the emission comes before those of cold streams subscribed to during the run.
        scheduler.ScheduleAbsolute(scheduler.Clock, () =>
        {
            foreach (var message in messages.Where(m => !IsPast(m)))
            {
                scheduler.ScheduleAbsolute(message.Time, () => Emit(message.Value));
            }
        });
    }

    public IReadOnlyList<Timed<Notification<T>>> Messages { get; }

    public IReadOnlyList<SubscriptionSpan> Subscriptions => _log.Subscriptions;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var logged = _log.Begin();
        if (_end is not null && _tellsLateSubscribers)
        {
            logged.Dispose();
            _end.Accept(observer);
            return Disposable.Empty;
        }

        var subscriber = new Subscriber(observer, logged);
        _subscribers = _subscribers.Add(subscriber);
        return Disposable.Create(() => Remove(subscriber));
    }

    private void Emit(Notification<T> notification)
    {
        var ends = notification.Kind != NotificationKind.OnNext;
        _end = ends ? notification : null;
        foreach (var subscriber in _subscribers)
        {
            // An earlier subscriber may have disposed of this one during the same emission.
            if (!_subscribers.Contains(subscriber))
            {
                continue;
            }

            if (ends)
            {
                Remove(subscriber);
            }

            notification.Accept(subscriber.Observer);
        }
    }

    private void Remove(Subscriber subscriber)
    {
        _subscribers = _subscribers.Remove(subscriber);
        subscriber.Logged.Dispose();
    }

    private sealed class Subscriber(IObserver<T> observer, IDisposable logged)
    {
        public IObserver<T> Observer { get; } = observer;

        public IDisposable Logged { get; } = logged;
    }
}
