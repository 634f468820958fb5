using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Kube.Testing;

/// <summary>The subscriptions to one observable.</summary>
internal sealed class SubscriptionLog(VirtualTimeScheduler<long, long> scheduler)
{
    private readonly List<SubscriptionSpan> _subscriptions = [];

    public IReadOnlyList<SubscriptionSpan> Subscriptions => _subscriptions;

    /// <summary>Notes a subscription that begins now, and ends when what is returned is disposed of for the first time.</summary>
    public IDisposable Begin()
    {
        RunningClock.ThrowIfOther(scheduler);
        var index = _subscriptions.Count;
        _subscriptions.Add(new(scheduler.Clock));
        return Disposable.Create(() => _subscriptions[index] = _subscriptions[index] with { Unsubscribe = scheduler.Clock });
    }
}
