namespace Rx.Kube;

/// <summary>Snapshots with a part of the members.</summary>
public static partial class KubeObservable
{
    /// <summary>Leaves in each snapshot only the members for whose name something holds.</summary>
    /// <param name="source">The snapshots.</param>
    /// <param name="predicate">Which members stay. It must be pure, giving the same answer whenever it is asked about a name.</param>
    /// <returns>A cold stream: one snapshot for each, also for one that only changes freshness, as
    /// <see cref="KubeObservable.WhereEndpoints"/> gives, whose table holds here too.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<ServiceTopology> WhereMembers(this IObservable<ServiceTopology> source, Func<string, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(predicate);
        return source.WhereEndpoints(e => predicate(e.Member));
    }
}
