using System.Reactive.Linq;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>Folds a watch into snapshots of one Service.</summary>
internal static class ServiceFold
{
    /// <summary>Creates the stream of snapshots; each subscription has its own state.</summary>
    /// <param name="source">The events.</param>
    /// <param name="kind">The kind of the objects.</param>
    /// <param name="service">The Service; null for the Service of the first object.</param>
    /// <exception cref="ArgumentException">The namespace of the Service is empty, or its name is not valid.</exception>
    public static IObservable<ServiceTopology> Of<T>(IObservable<WatchEvent<T>> source, ClaimKind<T> kind, ServiceName? service)
        where T : IResource
    {
        if (service is not null)
        {
            ArgumentException.ThrowIfNullOrEmpty(service.Namespace, nameof(service));
            KubeNames.Service(service.Name, nameof(service));
        }

        return Observable.Defer(() => source.Select(new ServiceFold<T>(kind, service).Apply).Where(t => t is not null).Select(t => t!));
    }
}

/// <summary>
/// The state of one subscription to <c>ToTopology</c>: applies events and returns snapshots of one Service. Used by one thread at a time.
/// </summary>
/// <param name="kind">The kind of the objects.</param>
/// <param name="service">The Service; null for the Service of the first object.</param>
internal sealed class ServiceFold<T>(ClaimKind<T> kind, ServiceName? service) : TopologyFold<T>(kind)
    where T : IResource
{
    private readonly ClaimKind<T> _kind = kind;
    private bool _isChosen = service is not null;
    private ServiceName? _service = service;
    private ServiceContent _content = ServiceContent.None;

    /// <summary>Takes an event.</summary>
    /// <returns>The snapshot after the event; null if the event emits none.</returns>
    /// <exception cref="InvalidOperationException">The event is about another Service.</exception>
    public ServiceTopology? Apply(WatchEvent<T> next) =>
        TakeAndSettle(next) ? new ServiceTopology(_service, Version, Phase, _content, Skipped, NewlySkipped, Triggered) : null;

    // A Service without a slice has no object that names it. A server that ignores the selector must not end the stream with what was not
    // asked for.
    protected override void Select(ResourceSelection? selection)
    {
        if (selection is { Namespace: { } @namespace, Service: { } name })
        {
            _service ??= new ServiceName(@namespace, name);
            _isChosen = true;
        }
    }

    protected override bool IsOurs(ObjectMeta metadata, string service)
    {
        if (_service is null && service.Length > 0)
        {
            _service = new ServiceName(metadata.Namespace, service);
        }

        var isOurs = _service is not null && _service.Name == service && _service.Namespace == metadata.Namespace;
        return isOurs || _isChosen ? isOurs : throw new InvalidOperationException(
            $"{_kind.Name} {metadata.Namespace}/{metadata.Name} belongs to " +
            (service.Length > 0
                ? $"Service {metadata.Namespace}/{service}"
                : $"no Service (it has no label {EndpointSlice.ServiceNameLabel})") +
            (_service is null ? "" : $", but this topology is of Service {_service}") +
            $". To fix: watch one Service ({_kind.Selector}), or pass its name to ToTopology.");
    }

    protected override void Settled(ServiceState service) => _content = service.Content;
}
