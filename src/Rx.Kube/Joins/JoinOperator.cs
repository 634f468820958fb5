using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>Joins the latest snapshots of two sides: behind <c>WithPods</c> and <c>WithNodes</c>.</summary>
internal static class JoinOperator
{
    public static IObservable<JoinedTopology> Create<TSource, TStore>(
        IObservable<TSource> source, IObservable<TStore> store, Func<TSource, TStore, MissingPartners, JoinedTopology> join) =>
        Observable.Defer(() =>
        {
            var missing = new MissingPartners();
            return CombineLatestGate<TSource, TStore>.Create(source, store).Select(pair => join(pair.First, pair.Second, missing));
        });
}
