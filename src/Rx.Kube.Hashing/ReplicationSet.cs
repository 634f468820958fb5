using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>The replicas of a key, and how far they are from what was asked for.</summary>
/// <param name="Members">The replicas, the owner first; each member once.</param>
/// <param name="ReplicationFactor">How many there should be.</param>
/// <param name="ZoneCount">In how many different zones they are; 0 if members have no zones.</param>
/// <typeparam name="TMember">What owns keys.</typeparam>
public readonly record struct ReplicationSet<TMember>(ImmutableArray<TMember> Members, int ReplicationFactor, int ZoneCount)
{
    /// <summary>How many replicas are missing, because there are not so many members.</summary>
    public int Shortfall => ReplicationFactor - Members.Length;

    /// <summary>How many replicas, missing ones included, are not in a zone of their own; 0 if members have no zones.</summary>
    public int ZoneShortfall => ZoneCount == 0 ? 0 : ReplicationFactor - ZoneCount;
}
