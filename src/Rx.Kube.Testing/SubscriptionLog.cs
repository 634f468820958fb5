using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Kube.Testing;

/// <summary>Records the subscriptions to one observable.</summary>
internal sealed class SubscriptionLog(VirtualTimeScheduler<long, long> scheduler)
{
    private readonly List<SubscriptionSpan> _subscriptions = [];

    public IReadOnlyList<SubscriptionSpan> Subscriptions => _subscriptions;

    /// <summary>Records a subscription that starts now, and ends with the first disposal of the result.</summary>
    public IDisposable Begin()
    {
        RunningClock.ThrowIfOther(scheduler);
        var index = _subscriptions.Count;
        _subscriptions.Add(new(scheduler.Clock));
        return Disposable.Create(() => _subscriptions[index] = _subscriptions[index] with { Unsubscribe = scheduler.Clock });
    }
}
