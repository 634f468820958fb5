using System.Reactive.Linq;

namespace Rx.Kube;

public static partial class KubeObservable
{
    /// <summary>Emits the ring of the members, with the version of its snapshot. Emits only when the ring changes.</summary>
    /// <param name="source">The snapshots of one Service.</param>
    /// <param name="options">Layout, weights and zones; <see cref="HashRingOptions.Default"/> when omitted.</param>
    /// <returns>A cold stream. The effect of each event:
    /// <list type="table">
    /// <item><term>A snapshot that is syncing</term><description>nothing: the members are not known yet. The last ring stays
    /// valid</description></item>
    /// <item><term>The first complete list</term><description>its ring; an empty one if the Service has no members, which is known
    /// now</description></item>
    /// <item><term>A snapshot in which members join, leave, or change weight or zone</term><description>the next ring, made from the last
    /// one</description></item>
    /// <item><term>A change of health or address, a list in another order, a change between live and
    /// stale</term><description>nothing</description></item>
    /// <item><term>A complete list after a syncing snapshot (the source starts again)</term><description>its ring, if it differs from the
    /// last one</description></item>
    /// <item><term>A snapshot for which <see cref="ServiceTopology.IsTruncated"/> is true</term><description>nothing, because it is not
    /// complete. Never happens with EndpointSlices</description></item>
    /// <item><term>The weight function throws or returns a value that is out of range; more members or tokens than <see cref="RingLimits"/>
    /// allows</term><description>OnError: with that exception, or with an <see cref="ArgumentException"/></description></item>
    /// <item><term>A snapshot of another Service</term><description>OnError with an <see cref="ArgumentException"/></description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// <para>Members are on the ring whether they are ready or not: health is not part of placement. Put <c>HoldDepartures</c>
    /// before this operator so that a restarting member keeps its place, and <see cref="Settle"/> to reduce the number of rings during a
    /// rollout.</para>
    /// <para>The cost of a snapshot is proportional to its changes, and zero if nothing changed. A member that joins, leaves or changes
    /// also adds a cost proportional to its number of tokens.
    /// The operator keeps the last snapshot, its members and the last ring. It uses no scheduler: values arrive
    /// on the thread of the source.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<RingView> ToRingView(this IObservable<ServiceTopology> source, HashRingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return RingFold.Views(source, options ?? HashRingOptions.Default);
    }

    /// <summary>Emits the ring of the members. Emits only when the ring changes.</summary>
    /// <param name="source">The snapshots of one Service.</param>
    /// <param name="options">Layout, weights and zones; <see cref="HashRingOptions.Default"/> when omitted.</param>
    /// <returns>A cold stream with the ring of each view of <see cref="ToRingView"/>; its table and its costs also apply here.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<HashRing<RingMember>> ToHashRing(this IObservable<ServiceTopology> source, HashRingOptions? options = null) =>
        source.ToRingView(options).Select(view => view.Ring);

    /// <summary>Adds a replication factor to each ring.</summary>
    /// <typeparam name="TMember">The type of the members.</typeparam>
    /// <param name="rings">The rings.</param>
    /// <param name="replicationFactor">The number of replicas of a key, from 1. With fewer members, each member has every key.</param>
    /// <returns>A cold stream. The effect of each event:
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

    /// <summary>Adds a replication factor to the ring of each view.</summary>
    /// <param name="views">The views.</param>
    /// <param name="replicationFactor">The number of replicas of a key, from 1. With fewer members, each member has every key.</param>
    /// <returns>
    /// A cold stream: for each view one view of the same ring and version, with this factor in <see cref="RingView.Replicas"/> and in
    /// <see cref="RingView.Fingerprint"/>. OnCompleted and OnError are passed on.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="views"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="replicationFactor"/> is less than 1.</exception>
    public static IObservable<RingView> WithReplicas(this IObservable<RingView> views, int replicationFactor)
    {
        ArgumentNullException.ThrowIfNull(views);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicationFactor, 1);
        return views.Select(view => new RingView(view.Ring, view.Version, replicationFactor));
    }

    /// <summary>
    /// Emits, for each ring, the ring and what a member gains and loses with it, as owner or replica. One subscription can so use the ring
    /// for routing and fetch what the member gains, and the two never disagree.
    /// </summary>
    /// <param name="views">
    /// The views of a ring, each with the replication factor that <see cref="WithReplicas(IObservable{RingView}, int)"/> set.
    /// </param>
    /// <param name="name">The name of the member. It need not be on a ring.</param>
    /// <param name="kept">
    /// The ranges whose data the member has when it starts, for example on disk from before a restart; they may overlap. Enumerated once,
    /// when this method is called. The default is null: it starts with nothing.
    /// </param>
    /// <returns>A cold stream. The effect of each event:
    /// <list type="table">
    /// <item><term>The first ring</term><description>the change from the ring without the member: all that it holds, as gained, each range
    /// with the members in <see cref="RangeChange{TMember}.Before"/> that hold it if the member is not there, and from which it can be
    /// fetched</description></item>
    /// <item><term>The first ring with the member, if it has kept ranges</term><description>the same change, except that what it has kept
    /// and holds is not gained, and what it has kept and does not hold is lost</description></item>
    /// <item><term>Each later ring</term><description>one change, relative to the ring before; empty if the ring changes nothing for the
    /// member</description></item>
    /// <item><term>A ring with another replication factor than the ring before</term><description>OnError with an
    /// <see cref="ArgumentException"/></description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// <para>Applying the changes in order, starting from what was kept, produces what the member holds on the latest ring. Each ring costs
    /// at most a walk over all tokens of both rings, and less if a ring shares tokens with the previous ring. The operator keeps one ring.
    /// It uses no scheduler.</para>
    /// <para>When a process starts, it is usually on the first ring already: its pod is in the Service as soon as it has an address. If
    /// several members start together, some of those in <c>Before</c> have nothing yet.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="views"/> or <paramref name="name"/> is null.</exception>
    public static IObservable<OwnershipChange<RingMember>> Ownership(
        this IObservable<RingView> views, string name, IEnumerable<KeyRange>? kept = null)
    {
        ArgumentNullException.ThrowIfNull(views);
        ArgumentNullException.ThrowIfNull(name);
        return OwnershipFold<RingMember>.Changes(
            views, new RingMember(name), kept, view => view.Replicas, (view, change) => change with { Version = view.Version });
    }

    /// <summary>Emits, for each ring, the ring and what a member gains and loses with it, as owner.</summary>
    /// <typeparam name="TMember">The type of the members.</typeparam>
    /// <param name="rings">The rings.</param>
    /// <param name="self">The member; only its identity is used. It need not be on a ring.</param>
    /// <param name="kept">
    /// The ranges whose data the member has when it starts; they may overlap. The default is null: it starts with nothing.
    /// </param>
    /// <returns>
    /// A cold stream, as in the table of <see cref="Ownership(IObservable{RingView}, string, IEnumerable{KeyRange})"/>, without versions.
    /// If the ring's identity function throws, OnError with that exception.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="rings"/> or <paramref name="self"/> is null.</exception>
    public static IObservable<OwnershipChange<TMember>> Ownership<TMember>(
        this IObservable<IRangedRing<TMember>> rings, TMember self, IEnumerable<KeyRange>? kept = null) =>
        rings.WithReplicas(1).Ownership(self, kept);

    /// <summary>Emits, for each ring, the ring and what a member gains and loses with it, as owner or replica.</summary>
    /// <inheritdoc cref="Ownership{TMember}(IObservable{IRangedRing{TMember}}, TMember, IEnumerable{KeyRange})"
    /// path="/typeparam|/param|/returns|/exception"/>
    public static IObservable<OwnershipChange<TMember>> Ownership<TMember>(
        this IObservable<ReplicatedRing<TMember>> rings, TMember self, IEnumerable<KeyRange>? kept = null)
    {
        ArgumentNullException.ThrowIfNull(rings);
        ArgumentNullException.ThrowIfNull(self);
        return OwnershipFold<TMember>.Changes(rings, self, kept);
    }

    /// <summary>Emits, for each ring, the ring and what the member of this name gains and loses with it, as owner.</summary>
    /// <param name="rings">The rings.</param>
    /// <param name="name">The name of the member. It need not be on a ring.</param>
    /// <param name="kept">The ranges whose data the member has when it starts; null, the default, for none.</param>
    /// <returns>A cold stream, as for the overload that takes a member.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="rings"/> or <paramref name="name"/> is null.</exception>
    public static IObservable<OwnershipChange<RingMember>> Ownership(
        this IObservable<IRangedRing<RingMember>> rings, string name, IEnumerable<KeyRange>? kept = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return rings.Ownership(new RingMember(name), kept);
    }

    /// <summary>Emits, for each ring, the ring and what the member of this name gains and loses with it, as owner or replica.</summary>
    /// <param name="rings">The rings.</param>
    /// <param name="name">The name of the member. It need not be on a ring.</param>
    /// <param name="kept">The ranges whose data the member has when it starts; null, the default, for none.</param>
    /// <returns>A cold stream, as for the overload that takes a member.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="rings"/> or <paramref name="name"/> is null.</exception>
    public static IObservable<OwnershipChange<RingMember>> Ownership(
        this IObservable<ReplicatedRing<RingMember>> rings, string name, IEnumerable<KeyRange>? kept = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return rings.Ownership(new RingMember(name), kept);
    }
}
