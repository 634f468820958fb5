namespace Rx.Kube;

public static partial class KubeObservable
{
    /// <summary>Emits what each snapshot changes: the members added, removed and updated, with their endpoints before and after.</summary>
    /// <param name="source">The snapshots of one Service.</param>
    /// <returns>A cold stream. The effect of each event:
    /// <list type="table">
    /// <item><term>The first snapshot</term><description>all its members, as added; nothing if it has none</description></item>
    /// <item><term>A snapshot that changes endpoints</term><description>one difference, from the snapshot before</description></item>
    /// <item><term>A snapshot that changes no endpoint, such as one that changes only freshness</term>
    /// <description>nothing</description></item>
    /// <item><term>A snapshot after a new list</term><description>the same, marked <see cref="MemberChange.Inferred"/>: the changes during
    /// the gap were found by comparison and not observed</description></item>
    /// <item><term>A snapshot of another Service</term><description>OnError with an <see cref="ArgumentException"/></description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// Applying the differences in order, starting from an empty state, produces the endpoints of the latest snapshot. Therefore, no
    /// difference may be dropped: throttle and filter the snapshots before this operator, not the differences after it. The cost is
    /// proportional to the change. The operator keeps one snapshot.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<TopologyDiff> Changes(this IObservable<ServiceTopology> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return ChangesOperator.Create(source, static (next, previous) => next.DiffFrom(previous), static changes => changes.IsEmpty);
    }

    /// <summary>Emits what each snapshot of a store changes: the objects added, removed and updated.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <param name="source">The snapshots of one store.</param>
    /// <returns>
    /// A cold stream. Each event has the same effect as for
    /// <see cref="Changes(IObservable{ServiceTopology})">the snapshots of a Service</see>, with objects instead of members.
    /// </returns>
    /// <remarks>
    /// No difference may be dropped: throttle and filter the snapshots before this operator, not the differences after it. The cost is
    /// proportional to the change. The operator keeps one snapshot.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<StoreDiff<T>> Changes<T>(this IObservable<ResourceStore<T>> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return ChangesOperator.Create(source, static (next, previous) => next.DiffFrom(previous), static changes => changes.IsEmpty);
    }

    /// <summary>Passes a snapshot of a store only when its objects differ from those of the snapshot before.</summary>
    /// <typeparam name="T">The objects.</typeparam>
    /// <param name="source">The snapshots of one store.</param>
    /// <returns>A cold stream. The effect of each event:
    /// <list type="table">
    /// <item><term>The first snapshot</term><description>that snapshot</description></item>
    /// <item><term>The first complete list</term><description>that snapshot, even if it is empty: now this is known</description></item>
    /// <item><term>A snapshot in which an object was added, removed or updated</term><description>that snapshot</description></item>
    /// <item><term>A new version without a change; a change between live and stale</term><description>nothing</description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <remarks>The cost is proportional to the change.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<ResourceStore<T>> DistinctUntilObjectsChanged<T>(this IObservable<ResourceStore<T>> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return DistinctUntilObjectsChangedOperator.Create(source);
    }

    /// <summary>Passes a snapshot only when its members differ from those of the snapshot before.</summary>
    /// <param name="source">The snapshots.</param>
    /// <returns>A cold stream. The effect of each event:
    /// <list type="table">
    /// <item><term>The first snapshot</term><description>that snapshot</description></item>
    /// <item><term>The first complete list</term><description>that snapshot, even if it has no members: now this is
    /// known</description></item>
    /// <item><term>A snapshot that is syncing, after one that was not</term><description>that snapshot
    /// (the source started over)</description></item>
    /// <item><term>A snapshot in which a member joined or left</term><description>that snapshot</description></item>
    /// <item><term>A change of health, address or location; a change between live and stale</term><description>nothing</description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// The cost is O(1) for a snapshot in which no member joined or left, and otherwise proportional to the change. It is like
    /// <c>DistinctUntilChanged(t =&gt; t.Members)</c>, with two differences: it distinguishes "no members" from "not known yet", and it
    /// compares each snapshot with its predecessor, with which it shares most of its data, instead of with the last snapshot emitted.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<ServiceTopology> DistinctUntilMembersChanged(this IObservable<ServiceTopology> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return DistinctUntilMembersChangedOperator.Create(source);
    }
}
