using System.Collections.Immutable;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// The state of one subscription to a watch of objects with endpoints. It applies events and keeps one <see cref="ServiceState"/> for each
/// Service that has an object. Used by one thread at a time.
/// </summary>
internal abstract class TopologyFold<T>(ClaimKind<T> kind) : WatchFold<T>
    where T : IResource
{
    private readonly Dictionary<ResourceKey, ObjectClaims<T>> _objects = [];
    private readonly Dictionary<ServiceName, ServiceState> _services = [];
    private readonly List<ServiceState> _touched = [];
    private readonly ClaimChangesPool _changes = new();

    /// <summary>Gets when the change in the current event was triggered, and for which Service; null when the event does not say.</summary>
    protected TriggeredChange? Triggered { get; private set; }

    /// <summary>Applies an event, and updates the Services that it affects.</summary>
    /// <returns>Whether the event emits a snapshot.</returns>
    protected bool TakeAndSettle(WatchEvent<T> next)
    {
        Triggered = null;
        var gives = Take(next);
        Settle();
        return gives;
    }

    /// <summary>Whether an object belongs to a Service that this fold is about.</summary>
    /// <param name="metadata">The object's metadata.</param>
    /// <param name="service">The name of its Service; empty if it has none.</param>
    protected abstract bool IsOurs(ObjectMeta metadata, string service);

    /// <summary>Takes the new content of a Service, or, if it has no object left, its end.</summary>
    protected abstract void Settled(ServiceState service);

    protected override ResourceKey KeyOf(T item) => ResourceKey.Of(item.Metadata);

    protected override void Replace(ImmutableArray<T> items, IReadOnlyCollection<ResourceKey> kept)
    {
        var gone = _objects.Keys.ToHashSet();
        gone.ExceptWith(kept);
        _objects.EnsureCapacity(items.Length);
        foreach (var item in items)
        {
            Expect(item);
        }

        foreach (var item in items)
        {
            var key = KeyOf(item);
            gone.Remove(key);
            PutOne(key, item);
        }

        foreach (var key in gone)
        {
            Drop(key);
        }
    }

    protected override ResourceKey Put(T item)
    {
        var key = KeyOf(item);
        var (serviceBefore, timeBefore) = _objects.TryGetValue(key, out var before)
            ? (before.Service, before.Object!.Metadata.LastChangeTriggerTime)
            : default;
        if (PutOne(key, item) is { } now && item.Metadata.LastChangeTriggerTime is { } time &&
            (now.Service != serviceBefore || time != timeBefore))
        {
            Triggered = new(now.Service.Name, time);
        }

        return key;
    }

    protected override void Drop(ResourceKey key)
    {
        if (_objects.Remove(key, out var gone))
        {
            Touch(gone.Service);
            gone.Withdraw();
            Count(gone, -1);
        }
    }

    protected override void Keep(ResourceKey key)
    {
        if (_objects.TryGetValue(key, out var lastGood))
        {
            Touch(lastGood.Service);
        }
    }

    private void Expect(T item)
    {
        var service = kind.ServiceOf(item);
        if (IsOurs(item.Metadata, service))
        {
            StateOf(new ServiceName(item.Metadata.Namespace, service)).Expect(kind.CountOf(item));
        }
    }

    /// <summary>Puts an object; returns what it claims, or null if it is not ours.</summary>
    private ObjectClaims<T>? PutOne(ResourceKey key, T item)
    {
        var service = kind.ServiceOf(item);
        var isOurs = IsOurs(item.Metadata, service);
        if (_objects.TryGetValue(key, out var claims) && !(isOurs && claims.Service.Name.Name == service))
        {
            Drop(key); // It has moved to another Service.
            claims = null;
        }

        if (!isOurs)
        {
            return null;
        }

        var isNew = claims is null;
        claims ??= new ObjectClaims<T>(StateOf(new ServiceName(item.Metadata.Namespace, service)));
        Touch(claims.Service);
        var diff = kind.Next(claims, item, kind.MemberOf);
        if (isNew)
        {
            _objects.Add(key, claims);
        }
        else
        {
            Count(claims, -1);
        }

        claims.Become(item, diff);
        Count(claims, 1);
        return claims;
    }

    private void Count(ObjectClaims<T> claims, int by)
    {
        claims.Service.Objects += by;
        claims.Service.Truncated += kind.IsTruncated(claims.Object!) ? by : 0;
    }

    private ServiceState StateOf(ServiceName name)
    {
        if (!_services.TryGetValue(name, out var state))
        {
            _services.Add(name, state = new ServiceState(name, _changes, kind.Limits));
        }

        return state;
    }

    private void Touch(ServiceState service)
    {
        if (!service.IsTouched)
        {
            service.IsTouched = true;
            _touched.Add(service);
        }
    }

    private void Settle()
    {
        foreach (var service in _touched)
        {
            service.IsTouched = false;
            service.Settle();
            if (service.Objects == 0)
            {
                _services.Remove(service.Name);
            }

            Settled(service);
        }

        _touched.Clear();
    }
}
