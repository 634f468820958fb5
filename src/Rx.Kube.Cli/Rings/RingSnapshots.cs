using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Rings;

/// <summary>Adds rings to snapshots.</summary>
internal static class RingSnapshots
{
    /// <summary>Pairs each snapshot with the ring of its members.</summary>
    /// <param name="snapshots">The snapshots.</param>
    /// <param name="layout">The layout of the ring.</param>
    /// <returns>
    /// One value per snapshot; OnError with a <see cref="UsageException"/> when the ring would exceed the limits of rings.
    /// </returns>
    public static IObservable<RingSnapshot> WithRings(this IObservable<ServiceTopology> snapshots, RingLayout layout)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        var options = new HashRingOptions { Layout = layout };
        return Observable.Defer(() =>
        {
            HashRing<RingMember>? latest = null;
            return snapshots.Publish(shared => Observable.Merge(
                shared.ToHashRing(options).Do(ring => latest = ring).IgnoreElements().Select(_ => default(RingSnapshot)!),

                // The second subscription, so that the ring arrives before its snapshot.
                shared.Select(topology => new RingSnapshot(topology, topology.Freshness.IsSynced ? latest : null))));
        }).Catch((ArgumentException e) => Observable.Throw<RingSnapshot>(TooLarge(e)));
    }

    /// <summary>Creates the error for a ring that would exceed the limits of rings.</summary>
    /// <param name="error">The error of the ring.</param>
    /// <returns>The error.</returns>
    public static UsageException TooLarge(ArgumentException error) => new(
        $"The ring cannot be built: {error.Message} To fix: use fewer --tokens, or select fewer members with --selector.", error);

    /// <summary>Warns on standard error when the first ring does not contain the member of <c>--self</c>.</summary>
    /// <param name="rings">The rings.</param>
    /// <param name="settings">The member of <c>--self</c>.</param>
    /// <param name="error">Standard error.</param>
    /// <returns>The same rings.</returns>
    public static IObservable<RingSnapshot> WarnOfSelf(this IObservable<RingSnapshot> rings, RingSettings settings, TextWriter error) =>
        rings.WithPrevious((now, before) =>
        {
            if (before?.Ring is null && now.Ring is { } ring && RingFormat.MissingSelf(ring, settings) is { } warning)
            {
                error.WriteLine($"rxkube: {warning}");
            }

            return now;
        });
}

/// <summary>Represents a snapshot and the ring of its members.</summary>
/// <param name="Topology">The snapshot.</param>
/// <param name="Ring">
/// The ring; null before the first complete list. The same object until a member joins, leaves or changes its zone.
/// </param>
internal sealed record RingSnapshot(ServiceTopology Topology, HashRing<RingMember>? Ring)
{
    /// <summary>
    /// Checks whether the ring differs from the previous one, the freshness changed between live and stale, the ring is empty for another
    /// reason, or the first member or none is ready now.
    /// </summary>
    /// <param name="previous">The previous snapshot; null for the first one.</param>
    /// <returns>True if they differ; false before the first complete list.</returns>
    public bool DiffersFrom(RingSnapshot? previous) => Ring is not null &&
        (!ReferenceEquals(Ring, previous?.Ring) || Topology.Freshness.GetType() != previous!.Topology.Freshness.GetType() ||
            Topology.Presence != previous.Topology.Presence);
}
