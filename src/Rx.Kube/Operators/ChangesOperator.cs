using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>Compares each snapshot with the one before: implements <see cref="KubeObservable.Changes"/>.</summary>
internal static class ChangesOperator
{
    public static IObservable<TopologyDiff> Create(IObservable<ServiceTopology> source) => Observable.Defer(() =>
    {
        ServiceTopology? previous = null;
        return source
            .Select(next =>
            {
                var changes = next.DiffFrom(previous);
                previous = next;
                return changes;
            })
            .Where(changes => !changes.IsEmpty);
    });
}
