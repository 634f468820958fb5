using System.Reactive.Linq;

namespace Rx.Kube;

public static partial class KubeObservable
{
    /// <summary>
    /// Passes only snapshots that are based on a complete list: "not known yet" differs from "the Service has no members". Why there is
    /// none yet is in the snapshots that it drops: see <c>FirstSyncedAsync</c>.
    /// </summary>
    /// <typeparam name="T">The snapshots: of a Service, of all Services, of a store, or of a join.</typeparam>
    /// <param name="source">The snapshots.</param>
    /// <returns>A cold stream. The effect of each event:
    /// <list type="table">
    /// <item><term>A snapshot that is syncing</term><description>nothing</description></item>
    /// <item><term>A snapshot that is live or stale</term><description>that snapshot</description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<T> WhereSynced<T>(this IObservable<T> source)
        where T : ISnapshot
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Where(t => t.Freshness.IsSynced);
    }

    /// <summary>Keeps in each snapshot only the endpoints that satisfy a predicate.</summary>
    /// <param name="source">The snapshots.</param>
    /// <param name="predicate">
    /// Selects the endpoints to keep. It must be pure: the same endpoint always gets the same answer. It is called once for each endpoint
    /// that is new or has changed, and its answer is kept until the endpoint changes.
    /// </param>
    /// <returns>A cold stream. The effect of each event:
    /// <list type="table">
    /// <item><term>A snapshot</term><description>one snapshot: the same Service, version and freshness, with those endpoints.
    /// <see cref="ServiceTopology.Members"/> are the members that have at least one of them</description></item>
    /// <item><term>A change of freshness</term><description>one snapshot, as for any other</description></item>
    /// <item><term>The predicate throws</term><description>OnError with the exception</description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// Each snapshot costs O(log n) for each endpoint that it changes, even after a new list; unchanged parts are shared with the previous
    /// snapshot. A snapshot is emitted even if none of the remaining endpoints has changed: <c>DistinctUntilChanged()</c> and
    /// <see cref="Changes"/> skip it.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<ServiceTopology> WhereEndpoints(
        this IObservable<ServiceTopology> source, Func<TopologyEndpoint, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(predicate);
        return EndpointFilter.Create(source, predicate);
    }

    /// <summary>Keeps in each snapshot only the members whose name satisfies a predicate.</summary>
    /// <param name="source">The snapshots.</param>
    /// <param name="predicate">Selects the members to keep, by name. It must be pure: the same name always gets the same answer.</param>
    /// <returns>
    /// A cold stream with one snapshot for each source snapshot, including changes of freshness, as in the table of
    /// <see cref="WhereEndpoints"/>.
    /// </returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<ServiceTopology> WhereMembers(this IObservable<ServiceTopology> source, Func<string, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(predicate);
        return EndpointFilter.Create(source, e => predicate(e.Member));
    }

    /// <summary>Keeps in each snapshot only the ready endpoints, and so only the members that have one.</summary>
    /// <param name="source">The snapshots.</param>
    /// <returns>
    /// A cold stream with one snapshot for each source snapshot, including changes of freshness, as in the table of
    /// <see cref="WhereEndpoints"/>.
    /// </returns>
    /// <remarks>
    /// When no endpoint is ready, the snapshot is empty: terminating endpoints that still serve are filtered out as well. In that case,
    /// <see cref="ServiceTopology.Routable"/> of the unfiltered snapshot gives the endpoints that may receive traffic.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<ServiceTopology> WhereReady(this IObservable<ServiceTopology> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return EndpointFilter.Create(source, static e => e.Ready);
    }

    /// <summary>
    /// Keeps in each snapshot only the endpoints that are not terminating, and so only the members that stay. A ring of these snapshots
    /// gives away the keys of a member as soon as it begins to terminate, while it can still be asked for them.
    /// </summary>
    /// <param name="source">The snapshots.</param>
    /// <returns>
    /// A cold stream with one snapshot for each source snapshot, including changes of freshness, as in the table of
    /// <see cref="WhereEndpoints"/>.
    /// </returns>
    /// <remarks>
    /// The addresses of terminating members are only in the unfiltered snapshots. If all members terminate, the snapshot is empty. A member
    /// whose pod terminates and whose next pod is already there stays. A member that <c>HoldDepartures</c> holds counts as
    /// terminating; after this operator, <c>HoldDepartures</c> holds the members that terminate.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<ServiceTopology> WhereNotTerminating(this IObservable<ServiceTopology> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return EndpointFilter.Create(source, static e => !e.Terminating);
    }

    /// <summary>Keeps in each snapshot only the endpoints in a zone, or in one of several zones.</summary>
    /// <param name="source">The snapshots.</param>
    /// <param name="zone">The zone, as in the label <c>topology.kubernetes.io/zone</c> of nodes.</param>
    /// <param name="others">More zones.</param>
    /// <returns>
    /// A cold stream with one snapshot for each source snapshot, including changes of freshness, as in the table of
    /// <see cref="WhereEndpoints"/>.
    /// </returns>
    /// <remarks>
    /// This filters by location. An endpoint whose zone is unknown is in no zone, and if the zone has no endpoints the snapshot is empty.
    /// Where a client in a zone should send its traffic is a different question; <see cref="ServiceTopology.For"/> answers it and respects
    /// hints.
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

        return EndpointFilter.Create(source, e => zones.Contains(e.Zone));
    }
}
