namespace Rx.Kube.Cli.Rings;

/// <summary>A snapshot and the ring of its members.</summary>
/// <param name="Topology">The snapshot.</param>
/// <param name="Ring">The ring; null while nothing is known. The same object as long as nobody joins, leaves or changes zones.</param>
internal sealed record RingSnapshot(ServiceTopology Topology, HashRing<RingMember>? Ring)
{
    /// <summary>
    /// Whether it says something that the one before did not: another ring, or that the ring is no longer, or again, the one of now.
    /// </summary>
    /// <param name="previous">The one before; null for the first.</param>
    /// <returns>True if so; false while nothing is known.</returns>
    public bool IsNews(RingSnapshot? previous) => Ring is not null &&
        (!ReferenceEquals(Ring, previous?.Ring) || Topology.Freshness.GetType() != previous!.Topology.Freshness.GetType());
}
