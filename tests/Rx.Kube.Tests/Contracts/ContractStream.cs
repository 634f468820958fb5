using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Contracts;

/// <summary>A stream on its scripted source.</summary>
/// <param name="Result">The stream.</param>
/// <param name="Subscriptions">Gets the subscriptions to its source, or the requests to it, so far.</param>
public sealed record ContractStream<T>(IObservable<T> Result, Func<IEnumerable<Subscription>> Subscriptions);
