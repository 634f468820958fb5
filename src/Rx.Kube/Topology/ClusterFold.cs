using Rx.Kube.Models;


namespace Rx.Kube;

/// <summary>The state of one subscription to <c>ToClusterTopology</c>: event in, snapshot of all Services out. One thread at a time.</summary>
/// <param name="kind">The kind of the objects.</param>
internal sealed class ClusterFold<T>(ClaimKind<T> kind) : TopologyFold<T>(kind)
    where T : IResource
{
    private ServiceMap _services = ServiceMap.Empty;

    /// <summary>Takes an event.</summary>
    /// <returns>The snapshot after it; null if the event gives none.</returns>
    public ClusterTopology? Apply(WatchEvent<T> next) =>
        TakeAndSettle(next) ? new ClusterTopology(Version, Phase, _services, Skipped, Triggered) : null;

    protected override bool IsOurs(ObjectMeta metadata, string service) => service.Length > 0;

    protected override void Settled(ServiceState service) =>
        _services = service.Objects > 0 ? _services.With(service.Name, service.Content) : _services.Without(service.Name);
}
