using System.Reactive.Linq;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>Folds a watch into snapshots of all Services.</summary>
internal static class ClusterFold
{
    /// <summary>Creates the stream of snapshots; each subscription has its own state.</summary>
    /// <param name="source">The events.</param>
    /// <param name="kind">The kind of the objects.</param>
    public static IObservable<ClusterTopology> Of<T>(IObservable<WatchEvent<T>> source, ClaimKind<T> kind)
        where T : IResource =>
        Observable.Defer(() => source.Select(new ClusterFold<T>(kind).Apply).Where(t => t is not null).Select(t => t!));
}

/// <summary>
/// The state of one subscription to <c>ToClusterTopology</c>: applies events and returns snapshots of all Services. Used by one thread at a
/// time.
/// </summary>
/// <param name="kind">The kind of the objects.</param>
internal sealed class ClusterFold<T>(ClaimKind<T> kind) : TopologyFold<T>(kind)
    where T : IResource
{
    private ServiceMap _services = ServiceMap.Empty;

    /// <summary>Takes an event.</summary>
    /// <returns>The snapshot after the event; null if the event emits none.</returns>
    public ClusterTopology? Apply(WatchEvent<T> next) =>
        TakeAndSettle(next) ? new ClusterTopology(Version, Phase, _services, Skipped, Triggered) : null;

    protected override bool IsOurs(ObjectMeta metadata, string service) => service.Length > 0;

    protected override void Settled(ServiceState service) =>
        _services = service.Objects > 0 ? _services.With(service.Name, service.Content) : _services.Without(service.Name);
}
