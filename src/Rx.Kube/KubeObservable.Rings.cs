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
    /// <para>Members are on the ring whether they are ready or not: health is not part of placement. Put <see cref="HoldDepartures"/>
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

    /// <summary>Emits what a member owns on the first ring, and then what it gains and loses with each ring.</summary>
    /// <typeparam name="TMember">The type of the members.</typeparam>
    /// <param name="rings">The rings.</param>
    /// <param name="self">The member; only its identity is used. It need not be on a ring.</param>
    /// <returns>A cold stream. The effect of each event:
    /// <list type="table">
    /// <item><term>The first ring</term><description>all that the member holds, as gained; nothing if the member is not on
    /// it</description></item>
    /// <item><term>A ring that changes something for the member</term><description>one change, relative to the ring
    /// before</description></item>
    /// <item><term>A ring that changes nothing for the member</term><description>nothing</description></item>
    /// <item><term>The ring's identity function throws</term><description>OnError with that exception</description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// Applying the changes in order, starting from nothing, produces what the member holds on the latest ring. Each ring costs at most a
    /// walk over all tokens of both rings, and less if a ring shares tokens with the previous ring. The operator keeps one ring. It uses no
    /// scheduler.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<OwnershipChange<TMember>> Ownership<TMember>(this IObservable<IRangedRing<TMember>> rings, TMember self) =>
        rings.WithReplicas(1).Ownership(self);

    /// <summary>
    /// Emits what a member holds on the first ring, as owner or replica, and then what it gains, loses, or holds at another rank with each
    /// ring.
    /// </summary>
    /// <inheritdoc cref="Ownership{TMember}(IObservable{IRangedRing{TMember}}, TMember)" path="/typeparam|/param|/remarks|/exception"/>
    /// <returns>
    /// As for rings without replicas. A ring whose replication factor differs from the previous ring's causes OnError with an
    /// <see cref="ArgumentException"/>.
    /// </returns>
    public static IObservable<OwnershipChange<TMember>> Ownership<TMember>(this IObservable<ReplicatedRing<TMember>> rings, TMember self)
    {
        ArgumentNullException.ThrowIfNull(rings);
        ArgumentNullException.ThrowIfNull(self);
        return OwnershipFold<TMember>.Changes(rings, self);
    }

    /// <summary>Emits what the member with this name owns on the first ring, and then what it gains and loses with each ring.</summary>
    /// <param name="rings">The rings.</param>
    /// <param name="name">The name of the member. It need not be on a ring.</param>
    /// <returns>A cold stream, as for the overload that takes a member.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<OwnershipChange<RingMember>> Ownership(this IObservable<IRangedRing<RingMember>> rings, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return rings.Ownership(new RingMember(name));
    }

    /// <summary>
    /// Emits what the member with this name holds on the first ring, as owner or replica, and then what it gains, loses, or holds at
    /// another rank with each ring.
    /// </summary>
    /// <param name="rings">The rings.</param>
    /// <param name="name">The name of the member. It need not be on a ring.</param>
    /// <returns>A cold stream, as for the overload that takes a member.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<OwnershipChange<RingMember>> Ownership(this IObservable<ReplicatedRing<RingMember>> rings, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return rings.Ownership(new RingMember(name));
    }
}
