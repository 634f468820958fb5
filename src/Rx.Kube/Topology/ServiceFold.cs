using Rx.Kube.Models;


namespace Rx.Kube;

/// <summary>The state of one subscription to <c>ToTopology</c>: event in, snapshot of one Service out. One thread at a time.</summary>
/// <param name="kind">The kind of the objects.</param>
/// <param name="service">The Service; null for that of the first object.</param>
internal sealed class ServiceFold<T>(ClaimKind<T> kind, ServiceName? service) : TopologyFold<T>(kind)
    where T : IResource
{
    private readonly ClaimKind<T> _kind = kind;
    private readonly bool _isChosen = service is not null;
    private ServiceName? _service = service;
    private ServiceContent _content = ServiceContent.None;

    /// <summary>Takes an event.</summary>
    /// <returns>The snapshot after it; null if the event gives none.</returns>
    /// <exception cref="InvalidOperationException">The event is about another Service.</exception>
    public ServiceTopology? Apply(WatchEvent<T> next) =>
        TakeAndSettle(next) ? new ServiceTopology(_service, Version, Phase, _content, Skipped, Triggered?.Time) : null;

    protected override bool IsOurs(ObjectMeta metadata, string service)
    {
        if (_service is null && service.Length > 0)
        {
            _service = new ServiceName(metadata.Namespace, service);
        }

        var isOurs = _service is not null && _service.Name == service && _service.Namespace == metadata.Namespace;
        return isOurs || _isChosen ? isOurs : throw new InvalidOperationException(
            $"{_kind.Name} {metadata.Namespace}/{metadata.Name} belongs to " +
            (service.Length > 0 ? $"Service {metadata.Namespace}/{service}" : $"no Service (it has no label {EndpointSlice.ServiceNameLabel})") +
            (_service is null ? "" : $", but this topology is of Service {_service}") +
            $". Watch one Service ({_kind.Cure}), or pass its name to ToTopology.");
    }

    protected override void Settled(ServiceState service) => _content = service.Content;
}
