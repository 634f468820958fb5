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
    private readonly Dictionary<ResourceKey, Held> _objects = [];
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
        if (_objects.TryGetValue(key, out var now) && now.TriggerTime is { } time &&
            (before.Service != now.Service || before.TriggerTime != time))
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
            gone.Service.Apply(gone.Claims.Claims, []);
            Count(gone.Service, gone.Claims, -1);
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
            before = default;
        }

        if (isOurs)
        {
            var state = before.Service ?? StateOf(new ServiceName(metadata.Namespace, service));
            Touch(state);
            var (now, diff) = kind.Next(before.Claims, item, kind.MemberOf);
            state.Apply(diff.Withdrawn.Span, diff.Added.Span);
            _objects[key] = new(state, now);
            Count(state, now, 1);
            Count(state, before.Claims, -1);
        }

        return key;
    }

    private void Count(ServiceState service, ObjectClaims<T>? claims, int by)
    {
        service.Objects += claims is null ? 0 : by;
        service.Truncated += claims is not null && kind.IsTruncated(claims.Object) ? by : 0;
    }

    private ServiceState StateOf(ServiceName name)
    {
        if (!_services.TryGetValue(name, out var state))
        {
            _services.Add(name, state = new ServiceState(name, _changes));
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

    /// <summary>An object, and the Service its claims are made to; both null in the default value, which represents no object.</summary>
    private readonly record struct Held(ServiceState Service, ObjectClaims<T> Claims)
    {
        public DateTimeOffset? TriggerTime => Claims?.Object.Metadata.LastChangeTriggerTime;
    }
}
