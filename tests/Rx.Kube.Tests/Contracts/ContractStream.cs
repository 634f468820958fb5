using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Contracts;

/// <summary>A stream on its scripted source.</summary>
/// <param name="Result">The stream.</param>
/// <param name="Subscriptions">The subscriptions or requests to its source so far.</param>
public sealed record ContractStream<T>(IObservable<T> Result, Func<IEnumerable<SubscriptionSpan>> Subscriptions);
