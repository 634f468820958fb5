using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>Compares the objects of consecutive snapshots: implements <see cref="KubeObservable.DistinctUntilObjectsChanged"/>.</summary>
internal static class DistinctUntilObjectsChangedOperator
{
    public static IObservable<ResourceStore<T>> Create<T>(IObservable<ResourceStore<T>> source) => Observable.Defer(() =>
    {
        ResourceStore<T>? previous = null;
        return source.Where(next =>
        {
            var isNew = previous is not { } before || before.Freshness.IsSynced != next.Freshness.IsSynced || !next.SameObjects(before);
            previous = next;
            return isNew;
        });
    });
}
