using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>Compares the members of consecutive snapshots: implements <see cref="KubeObservable.DistinctUntilMembersChanged"/>.</summary>
internal static class DistinctUntilMembersChangedOperator
{
    public static IObservable<ServiceTopology> Create(IObservable<ServiceTopology> source) => Observable.Defer(() =>
    {
        (bool IsSynced, MemberSet Members)? previous = null;
        return source.Where(next =>
        {
            var now = (next.Freshness.IsSynced, next.Members);
            var isNew = previous is not { } before || !now.Equals(before);
            previous = now;
            return isNew;
        });
    });
}
