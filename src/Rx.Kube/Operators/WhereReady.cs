namespace Rx.Kube;

/// <summary>Snapshots of what is ready.</summary>
public static partial class KubeObservable
{
    /// <summary>Leaves in each snapshot only the ready endpoints; so its members are those that have one.</summary>
    /// <param name="source">The snapshots.</param>
    /// <returns>A cold stream: one snapshot for each, also for one that only changes freshness, as
    /// <see cref="KubeObservable.WhereEndpoints"/> gives, whose table holds here too.</returns>
    /// <remarks>
    /// When none is ready the snapshot is empty: those that are terminating and could still serve are left out as well. Where traffic may go in
    /// that case too says <see cref="ServiceTopology.Routable"/> of the whole snapshot.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<ServiceTopology> WhereReady(this IObservable<ServiceTopology> source) => source.WhereEndpoints(e => e.Ready);
}
