namespace Rx.Kube;

/// <summary>Snapshots of a place.</summary>
public static partial class KubeObservable
{
    /// <summary>Leaves in each snapshot only the endpoints in a zone, or in one of several.</summary>
    /// <param name="source">The snapshots.</param>
    /// <param name="zone">The zone, as nodes bear it in their label <c>topology.kubernetes.io/zone</c>.</param>
    /// <param name="others">More zones.</param>
    /// <returns>A cold stream: one snapshot for each, also for one that only changes freshness, as
    /// <see cref="KubeObservable.WhereEndpoints"/> gives, whose table holds here too.</returns>
    /// <remarks>
    /// This is where endpoints are; one whose zone is unknown is in none, and if nobody is in the zone the snapshot is empty. Where the traffic of a
    /// client in a zone should go is another question, which <see cref="ServiceTopology.For"/> answers, hints and all.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument, or one of the zones, is null.</exception>
    /// <exception cref="ArgumentException">A zone is empty.</exception>
    public static IObservable<ServiceTopology> WhereInZone(this IObservable<ServiceTopology> source, string zone, params string[] others)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(others);
        string[] zones = [zone, .. others];
        foreach (var each in zones)
        {
            ArgumentException.ThrowIfNullOrEmpty(each, nameof(zone));
        }

        return source.WhereEndpoints(e => zones.Contains(e.Zone));
    }
}
