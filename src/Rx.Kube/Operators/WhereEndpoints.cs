using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>Snapshots with a part of the endpoints.</summary>
public static partial class KubeObservable
{
    /// <summary>Leaves in each snapshot only the endpoints for which something holds.</summary>
    /// <param name="source">The snapshots.</param>
    /// <param name="predicate">
    /// Which endpoints stay. It must be pure, giving the same answer whenever it is asked about an endpoint: it is asked once
    /// about each one that is new or has changed, and its answer is kept as long as the endpoint stays as it is.
    /// </param>
    /// <returns>A cold stream. What each event gives:
    /// <list type="table">
    /// <item><term>A snapshot</term><description>one snapshot: the same Service, version and freshness, with those endpoints. <see cref="ServiceTopology.Members"/> are those that have one left</description></item>
    /// <item><term>A change of freshness</term><description>one snapshot, as for any other</description></item>
    /// <item><term>The predicate throws</term><description>OnError with what it threw</description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// A snapshot costs what it changes, O(log n) for each endpoint, also after a new list; what did not change is shared with the one before.
    /// A snapshot comes even if nothing of what is left has changed: <c>DistinctUntilChanged()</c>, or <see cref="KubeObservable.Changes"/>, passes over it.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<ServiceTopology> WhereEndpoints(this IObservable<ServiceTopology> source, Func<TopologyEndpoint, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(predicate);
        return Observable.Defer(() => source.Select(new EndpointFilter(predicate).Apply));
    }
}
