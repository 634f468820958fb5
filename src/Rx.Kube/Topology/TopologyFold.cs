using System.Collections.Immutable;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// The state of one subscription to a watch of objects with endpoints: event in, and what it says of which Service out. A Service has
/// state as long as it has an object. One thread at a time.
/// </summary>
internal abstract class TopologyFold<T>(ClaimKind<T> kind) : WatchFold<T>
    where T : IResource
{
    private readonly Dictionary<ResourceKey, ObjectClaims> _objects = [];
    private readonly Dictionary<ServiceName, ServiceState> _services = [];
    private readonly List<ServiceState> _touched = [];

    /// <summary>When the change that this event is was triggered, and of which Service.</summary>
    protected TriggeredChange? Triggered { get; private set; }

    /// <summary>Takes an event, and settles what it touched.</summary>
    /// <returns>Whether it gives a snapshot.</returns>
    protected bool TakeAndSettle(WatchEvent<T> next)
    {
        Triggered = null;
        var gives = Take(next);
        Settle();
        return gives;
    }

    /// <summary>Whether an object is of a Service that is wanted here.</summary>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="service">The name of its Service; empty if it has none.</param>
    protected abstract bool IsOurs(ObjectMeta metadata, string service);

    /// <summary>A Service has another content, or, without any object, none any more.</summary>
    protected abstract void Settled(ServiceState service);

    protected override ResourceKey KeyOf(T item) => ResourceKey.Of(item.Metadata);

    protected override void Replace(ImmutableArray<T> items, IReadOnlyCollection<ResourceKey> kept)
    {
        var gone = _objects.Keys.ToHashSet();
        gone.ExceptWith(kept);
        _objects.EnsureCapacity(items.Length);
        foreach (var item in items)
        {
            gone.Remove(PutOne(item));
        }

        foreach (var key in gone)
        {
            Drop(key);
        }
    }

    protected override ResourceKey Put(T item)
    {
        var before = _objects.GetValueOrDefault(KeyOf(item));
        var key = PutOne(item);
        if (_objects.TryGetValue(key, out var now) && now.LastChangeTriggerTime is { } time &&
            (before is null || before.Service != now.Service || before.LastChangeTriggerTime != time))
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
            Count(gone.Service, gone, -1);
        }
    }

    protected override void Keep(ResourceKey key)
    {
        if (_objects.TryGetValue(key, out var lastGood))
        {
            Touch(lastGood.Service);
        }
    }

    private ResourceKey PutOne(T item)
    {
        var metadata = item.Metadata;
        var service = kind.ServiceOf(item);
        var key = ResourceKey.Of(metadata);
        var isOurs = IsOurs(metadata, service);
        if (_objects.TryGetValue(key, out var before) && !(isOurs && before.Service.Name.Name == service))
        {
            Drop(key); // It has moved to another Service.
            before = null;
        }

        if (isOurs)
        {
            var state = before?.Service ?? StateOf(new ServiceName(metadata.Namespace, service));
            Touch(state);
            var now = _objects[key] = kind.Replace(before, item, state);
            Count(state, now, 1);
            Count(state, before, -1);
        }

        return key;
    }

    private static void Count(ServiceState service, ObjectClaims? claims, int by)
    {
        service.Objects += claims is null ? 0 : by;
        service.Truncated += claims is { IsTruncated: true } ? by : 0;
    }

    private ServiceState StateOf(ServiceName name)
    {
        if (!_services.TryGetValue(name, out var state))
        {
            _services.Add(name, state = new ServiceState(name));
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

/// <summary>A change that says when it was triggered.</summary>
/// <param name="Service">The Service that changed.</param>
/// <param name="Time">When.</param>
internal sealed record TriggeredChange(ServiceName Service, DateTimeOffset Time);
