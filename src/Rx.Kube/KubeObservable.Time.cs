using System.Reactive.Concurrency;

namespace Rx.Kube;

public static partial class KubeObservable
{
    /// <summary>
    /// Emits the latest value once the stream has been quiet for a given time, but no later than a maximum time after the first value that
    /// is still waiting. Therefore, unlike with Rx's <c>Throttle</c>, a stream that is never quiet does not starve the subscriber.
    /// </summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="source">The stream.</param>
    /// <param name="quiet">The time without a new value. From zero to one day.</param>
    /// <param name="atMost">
    /// The longest time for which a value, or a later value that supersedes it, is held back. From <paramref name="quiet"/> to one day.
    /// </param>
    /// <param name="scheduler">
    /// The clock, which must be monotonic. All values except the last one are also emitted on it.
    /// <see cref="Scheduler.Default"/> when omitted.
    /// </param>
    /// <returns>A cold stream. The effect of each event:
    /// <list type="table">
    /// <item><term>OnNext</term><description>nothing at once. After <paramref name="quiet"/> without another value, or
    /// <paramref name="atMost"/> after the first that is waiting, the latest one. For snapshots this includes changes of freshness: they
    /// settle like all others</description></item>
    /// <item><term>OnCompleted</term><description>the waiting value, then the end, at once, on the thread of the
    /// source</description></item>
    /// <item><term>OnError</term><description>the error; the waiting value is dropped</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// <para>The operator keeps one value. There is one timer, set again only when it fires, so a superseded value uses no memory.</para>
    /// <para>The source may emit on any thread. Values arrive one at a time, and no lock is held during OnNext: while the subscriber is
    /// busy, the latest due value waits and is delivered on the same thread when the subscriber returns.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quiet"/> or <paramref name="atMost"/> is out of its range.</exception>
    public static IObservable<T> Settle<T>(this IObservable<T> source, TimeSpan quiet, TimeSpan atMost, IScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        TimeRange.AtLeast(TimeSpan.Zero, quiet, nameof(quiet));
        TimeRange.AtLeast(quiet, atMost, nameof(atMost));
        return SettleOperator<T>.Create(source, quiet, atMost, scheduler ?? Scheduler.Default);
    }

    /// <summary>
    /// Keeps a departed member for a grace period: a member that returns within this period keeps its place. Therefore, the restart of a
    /// StatefulSet does not change <see cref="ServiceTopology.Members"/>.
    /// </summary>
    /// <param name="source">The snapshots of one Service.</param>
    /// <param name="grace">How long a departed member is kept. From zero, which keeps no departed member, to one day.</param>
    /// <param name="scheduler">
    /// The clock, which must be monotonic; <see cref="Scheduler.Default"/> when omitted. It must not block in Schedule, as
    /// <see cref="ImmediateScheduler"/> does.
    /// </param>
    /// <returns>A cold stream. The effect of each event:
    /// <list type="table">
    /// <item><term>A snapshot</term><description>one snapshot, at once. A member that was in the previous one and is missing from this one
    /// stays with its last endpoints: they are not ready, not serving, terminating, and held (<see cref="TopologyEndpoint.IsHeld"/>). A
    /// member that is back has the endpoints that the source has for it</description></item>
    /// <item><term>A member has been away for <paramref name="grace"/></term><description>one snapshot without it, with the version and
    /// the freshness of the source's latest snapshot</description></item>
    /// <item><term>A change of freshness</term><description>one snapshot, as for any other. The grace period also runs while the source is
    /// stale, so a member that was already away may be removed during that time</description></item>
    /// <item><term>A snapshot that is syncing, after one that was not</term><description>one snapshot, in which all missing members are
    /// held (the source started over)</description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on at once; members that are held at that time are never
    /// removed</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// <para>At any time, the members are those that the source has at that time or had within <paramref name="grace"/> before it. A member
    /// is away when it has no endpoint left; losing one of several addresses does not count.</para>
    /// <para>The address of an absent member may be assigned to another member: then both have it, and only the other member can be
    /// ready.</para>
    /// <para>A snapshot costs O(log n) for each endpoint of a changed member. The memory use is bounded by the number of absent members. At
    /// most 200,000 are held (<see cref="TopologyLimits.MaxHeldMembers"/>); beyond that, the one that left first is removed.
    /// There is one timer. Snapshots arrive one at a time, and no lock is held during OnNext: while the subscriber is busy, the latest
    /// snapshot waits.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="grace"/> is out of its range.</exception>
    public static IObservable<ServiceTopology> HoldDepartures(
        this IObservable<ServiceTopology> source, TimeSpan grace, IScheduler? scheduler = null) =>
        source.HoldDepartures(grace, TopologyLimits.Default, scheduler);

    /// <summary>
    /// Keeps a departed member for a grace period, as
    /// <see cref="HoldDepartures(IObservable{ServiceTopology}, TimeSpan, IScheduler)"/> does, with another limit on how many are kept.
    /// </summary>
    /// <param name="source">The snapshots of one Service.</param>
    /// <param name="grace">How long a departed member is kept. From zero, which keeps no departed member, to one day.</param>
    /// <param name="limits"><see cref="TopologyLimits.MaxHeldMembers"/> applies.</param>
    /// <param name="scheduler">
    /// The clock, which must be monotonic; <see cref="Scheduler.Default"/> when omitted. It must not block in Schedule, as
    /// <see cref="ImmediateScheduler"/> does.
    /// </param>
    /// <returns>A cold stream.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="limits"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="grace"/> is out of its range.</exception>
    public static IObservable<ServiceTopology> HoldDepartures(
        this IObservable<ServiceTopology> source, TimeSpan grace, TopologyLimits limits, IScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(limits);
        TimeRange.AtLeast(TimeSpan.Zero, grace, nameof(grace));
        return HoldDeparturesOperator.Create(source, grace, limits.MaxHeldMembers, scheduler ?? Scheduler.Default);
    }
}
