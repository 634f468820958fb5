using System.Reactive;

namespace Rx.Kube.Testing;

/// <summary>An observable with a fixed list of messages, which records its subscriptions.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public interface ITestObservable<T> : IObservable<T>
{
    /// <summary>
    /// Gets the messages, in ticks of 100 ns: at times of the clock for a hot observable, after each subscription for a cold one.
    /// </summary>
    IReadOnlyList<Timed<Notification<T>>> Messages { get; }

    /// <summary>
    /// Gets all subscriptions so far, in the order of their starts. A subscription ends when it is disposed or when the observable ends.
    /// </summary>
    IReadOnlyList<SubscriptionSpan> Subscriptions { get; }
}
