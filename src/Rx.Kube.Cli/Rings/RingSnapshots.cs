using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Rings;

/// <summary>From snapshots to rings.</summary>
internal static class RingSnapshots
{
    /// <summary>Puts the ring of its members beside each snapshot.</summary>
    /// <param name="snapshots">The snapshots.</param>
    /// <param name="layout">Where tokens stand.</param>
    /// <returns>One value per snapshot; OnError with a <see cref="UsageException"/> when the ring would be larger than rings can be.</returns>
    public static IObservable<RingSnapshot> WithRings(this IObservable<ServiceTopology> snapshots, RingLayout layout)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        var options = new HashRingOptions { Layout = layout };
        return Observable.Defer(() =>
        {
            HashRing<RingMember>? latest = null;
            return snapshots.Publish(shared => Observable.Merge(
                shared.ToHashRing(options).Do(ring => latest = ring).IgnoreElements().Select(_ => default(RingSnapshot)!),

                // Subscribed second, so that a snapshot's ring is there before it.
                shared.Select(topology => new RingSnapshot(topology, topology.Freshness.IsSynced ? latest : null))));
        }).Catch((ArgumentException e) => Observable.Throw<RingSnapshot>(new UsageException(
            $"The members do not make a ring: {e.Message} Cure: fewer --tokens, or fewer members by --selector.", e)));
    }
}
