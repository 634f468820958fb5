using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>Rings on which a key has several replicas.</summary>
public static partial class KubeObservable
{
    /// <summary>Gives each ring with so many replicas of every key.</summary>
    /// <typeparam name="TMember">What owns keys.</typeparam>
    /// <param name="rings">The rings.</param>
    /// <param name="replicationFactor">How many replicas a key has, from 1. With fewer members each of them has every key.</param>
    /// <returns>A cold stream. What each event gives:
    /// <list type="table">
    /// <item><term>A ring</term><description>one <see cref="ReplicatedRing{TMember}"/> of it</description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="rings"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="replicationFactor"/> is less than 1.</exception>
    public static IObservable<ReplicatedRing<TMember>> WithReplicas<TMember>(
        this IObservable<IRangedRing<TMember>> rings, int replicationFactor)
    {
        ArgumentNullException.ThrowIfNull(rings);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicationFactor, 1);
        return rings.Select(ring => new ReplicatedRing<TMember>(ring, replicationFactor));
    }
}
