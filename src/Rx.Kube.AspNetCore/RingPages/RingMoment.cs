using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>A Service and its ring at a time: what the page of a ring is made from, live or from a recording.</summary>
/// <param name="At">When this became known.</param>
/// <param name="Topology">The snapshot.</param>
/// <param name="View">The ring; null before the first complete list. It may be newer than the snapshot.</param>
internal sealed record RingMoment(DateTimeOffset At, ServiceTopology Topology, RingView? View)
{
    /// <summary>Pairs snapshots with the rings of their members; a ring comes with the snapshot that made it.</summary>
    /// <param name="snapshots">The snapshots of one Service. Subscribed to once per subscription.</param>
    /// <param name="rings">Makes the rings of the snapshots.</param>
    /// <param name="clock">Gives the times; for a recording, the clock of the recording.</param>
    /// <returns>A cold stream: one moment for each snapshot.</returns>
    public static IObservable<RingMoment> Of(
        IObservable<ServiceTopology> snapshots, Func<IObservable<ServiceTopology>, IObservable<RingView>> rings, IScheduler clock) =>
        Observable.Defer(() =>
        {
            RingView? latest = null;
            return snapshots.Publish(shared => Observable.Merge(
                rings(shared).Do(view => latest = view).IgnoreElements().Select(_ => default(RingMoment)!),

                // The second subscription, so that the ring arrives before its snapshot.
                shared.Select(topology => new RingMoment(clock.Now, topology, latest))));
        });

    /// <summary>Reads the moments of a topology of the host.</summary>
    /// <param name="topology">The topology.</param>
    /// <param name="clock">Gives the times.</param>
    /// <returns>A cold stream: a moment whenever the snapshot or the ring changes.</returns>
    public static IObservable<RingMoment> Of(IKubeTopology topology, IScheduler clock) => Observable
        .Merge(topology.Snapshots.Select(_ => Unit.Default), topology.Rings.Select(_ => Unit.Default))
        .Select(_ => (Snapshot: topology.Current.Value, Ring: topology.CurrentRing.Value))
        .Where(current => current.Snapshot is not null)
        .DistinctUntilChanged()
        .Select(current => new RingMoment(clock.Now, current.Snapshot!, current.Ring));
}
