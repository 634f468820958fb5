using System.Collections.Immutable;
using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Hashing;
using Rx.Kube.Topology;

namespace Rx.Kube.Cli.Rings;

/// <summary>From snapshots to rings.</summary>
internal static class RingFold
{
    /// <summary>Puts the ring of its members beside each snapshot.</summary>
    /// <param name="snapshots">The snapshots.</param>
    /// <param name="layout">Where tokens stand.</param>
    /// <returns>One value per snapshot; OnError with a <see cref="UsageException"/> when the ring would be larger than rings can be.</returns>
    public static IObservable<RingSnapshot> ToRings(this IObservable<ServiceTopology> snapshots, RingLayout layout) =>
        snapshots.Scan((RingSnapshot?)null, (before, now) => new RingSnapshot(now, Next(before, now, layout))).Select(s => s!);

    private static HashRing<RingMember>? Next(RingSnapshot? before, ServiceTopology now, RingLayout layout)
    {
        try
        {
            return !now.Freshness.IsSynced ? null
                : before?.Ring is { } ring ? Change(ring, now.DiffFrom(before.Topology))
                : Create(now, layout);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(
                $"The members of {now.Namespace}/{now.Service} do not make a ring: {e.Message} " +
                "Cure: fewer --tokens, or fewer members by --selector.", e);
        }
    }

    private static HashRing<RingMember> Create(ServiceTopology now, RingLayout layout) => HashRing.Create(
        now.Members.Select(name => Member(name, now.Endpoints.Of(name))), m => m.Name, zone: m => m.Zone, layout: layout);

    // Health and addresses are no part of a ring, so most updates change nothing.
    private static HashRing<RingMember> Change(HashRing<RingMember> ring, TopologyDiff changes)
    {
        ring = changes.Removed.Aggregate(ring, (next, change) => next.Without(Member(change.Member, change.Previous)));
        var moved = changes.Updated.Where(change => Member(change.Member, change.Previous) != Member(change.Member, change.Current));
        return changes.Added.Concat(moved).Aggregate(ring, (next, change) => next.With(Member(change.Member, change.Current)));
    }

    private static RingMember Member(string name, ImmutableArray<ServiceEndpoint> endpoints) =>
        new(name, endpoints.Select(e => e.Zone).FirstOrDefault(zone => zone is not null));
}
