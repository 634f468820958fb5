using System.Reactive;

namespace Rx.Kube.Testing;

/// <summary>An observable of a test: it knows what it emits, and records who subscribed and until when.</summary>
/// <typeparam name="T">The values.</typeparam>
public interface ITestObservable<T> : IObservable<T>
{
    /// <summary>What it emits: at times of the clock if it is hot, after each subscription if it is cold; in ticks of 100 ns.</summary>
    IReadOnlyList<Timed<Notification<T>>> Messages { get; }

    /// <summary>
    /// All subscriptions so far, in the order of their beginnings. One ends when it is disposed of or when the observable ends.
    /// </summary>
    IReadOnlyList<SubscriptionSpan> Subscriptions { get; }
}
