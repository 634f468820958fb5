using System.Collections.Immutable;
using Rx.Kube.Resources;
using Rx.Kube.Watching;

namespace Rx.Kube.Topology;

/// <summary>
/// The state of one subscription to a watch of objects with endpoints: event in, and what it says of which Service out. A Service has
/// state as long as it has an object. One thread at a time.
/// </summary>
internal abstract class TopologyFold<T>(ClaimKind<T> kind)
    where T : IResource
{
    private readonly Dictionary<ObjectKey, ObjectClaims> _objects = [];
    private readonly Dictionary<ServiceName, ServiceState> _services = [];
    private readonly SortedDictionary<ObjectKey, SkippedObject> _skipped = [];
    private readonly List<ServiceState> _touched = [];
    private string _version = "";

    /// <summary>The version the watch has reached; empty while syncing.</summary>
    protected string Version => Phase.Freshness.IsSynced ? _version : "";

    /// <summary>What all Services have in common.</summary>
    protected WatchPhase Phase { get; private set; } = new(new Freshness.Syncing(), 0);

    /// <summary>What could not be decoded.</summary>
    protected ImmutableArray<SkippedObject> Skipped { get; private set; } = [];

    /// <summary>When the change that this event is was triggered, and of which Service.</summary>
    protected TriggeredChange? Triggered { get; private set; }

    /// <summary>Takes an event.</summary>
    /// <returns>Whether it gives a snapshot.</returns>
    protected bool Take(WatchEvent<T> next)
    {
        Triggered = null;
        switch (next)
        {
            case WatchEvent<T>.Listed listed:
                _version = listed.ResourceVersion;
                Phase = new(Freshness.Live.Instance, Phase.List + 1);
                Replace(listed);
                break;
            case WatchEvent<T>.Added(var item, var version):
                Advance(version);
                PutAlone(item);
                break;
            case WatchEvent<T>.Modified(var item, var version):
                Advance(version);
                PutAlone(item);
                break;
            case WatchEvent<T>.Deleted(var item, var version):
                Advance(version);
                DropAlone(ObjectKey.Of(item.Metadata));
                break;
            case WatchEvent<T>.Skipped(var skipped, var version) { IsDeletion: false }:
                Advance(version);
                Skip(skipped);
                break;
            case WatchEvent<T>.Skipped(var skipped, var version):
                Advance(version);
                DropAlone(ObjectKey.Of(skipped));
                break;
            case WatchEvent<T>.Interrupted(var interruption):
                Phase = Phase with
                {
                    Freshness = Phase.Freshness.IsSynced ? new Freshness.Stale(interruption) : new Freshness.Syncing(interruption),
                };
                break;
            case WatchEvent<T>.Resumed:
                Phase = Phase with { Freshness = Phase.Freshness.IsSynced ? Freshness.Live.Instance : new Freshness.Syncing() };
                break;
            case WatchEvent<T>.Bookmark(var version):
                Advance(version);
                return false;
            default:
                return false;
        }

        Settle();
        return true;
    }

    /// <summary>Whether an object is of a Service that is wanted here.</summary>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="service">The name of its Service; empty if it has none.</param>
    protected abstract bool IsOurs(ObjectMeta metadata, string service);

    /// <summary>A Service has another content, or, without any object, none any more.</summary>
    protected abstract void Settled(ServiceState service);

    // A deletion, or a bookmark, may come with an older version; only a list may go back, and then the server itself did.
    private void Advance(string version) => _version = ResourceVersion.IsOlder(version, than: _version) ? _version : version;

    private void Replace(WatchEvent<T>.Listed listed)
    {
        var gone = _objects.Keys.ToHashSet();
        _objects.EnsureCapacity(listed.Items.Length);
        foreach (var item in listed.Items)
        {
            gone.Remove(Put(item));
        }

        _skipped.Clear();
        foreach (var skipped in listed.SkippedItems)
        {
            var key = ObjectKey.Of(skipped);
            _skipped[key] = skipped;
            gone.Remove(key); // Its last good state stays.
        }

        Skipped = [.. _skipped.Values];
        foreach (var key in gone)
        {
            Drop(key);
        }
    }

    private void PutAlone(T item)
    {
        var before = _objects.GetValueOrDefault(ObjectKey.Of(item.Metadata));
        var key = Put(item);
        if (_objects.TryGetValue(key, out var now) && now.LastChangeTriggerTime is { } time &&
            (before is null || before.Service != now.Service || before.LastChangeTriggerTime != time))
        {
            Triggered = new(now.Service.Name, time);
        }

        Unskip(key);
    }

    private void DropAlone(ObjectKey key)
    {
        Drop(key);
        Unskip(key);
    }

    private ObjectKey Put(T item)
    {
        var metadata = item.Metadata;
        var service = kind.ServiceOf(item);
        var key = ObjectKey.Of(metadata);
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

    private void Drop(ObjectKey key)
    {
        if (_objects.Remove(key, out var gone))
        {
            Touch(gone.Service);
            gone.Withdraw();
            Count(gone.Service, gone, -1);
        }
    }

    private static void Count(ServiceState service, ObjectClaims? claims, int by)
    {
        service.Objects += claims is null ? 0 : by;
        service.Truncated += claims is { IsTruncated: true } ? by : 0;
    }

    private void Skip(SkippedObject skipped)
    {
        var key = ObjectKey.Of(skipped);
        _skipped[key] = skipped;
        Skipped = [.. _skipped.Values];
        if (_objects.TryGetValue(key, out var lastGood))
        {
            Touch(lastGood.Service);
        }
    }

    private void Unskip(ObjectKey key)
    {
        if (_skipped.Count > 0 && _skipped.Remove(key))
        {
            Skipped = [.. _skipped.Values];
        }
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

/// <summary>What all Services of a watch have in common: the same object until a list, an interruption or its end.</summary>
/// <param name="Freshness">Whether this is the server's state of now.</param>
/// <param name="List">How many complete lists had come: a change across two lists was inferred, not seen.</param>
internal sealed record WatchPhase(Freshness Freshness, long List);

/// <summary>A change that says when it was triggered.</summary>
/// <param name="Service">The Service that changed.</param>
/// <param name="Time">When.</param>
internal sealed record TriggeredChange(ServiceName Service, DateTimeOffset Time);

/// <summary>Which object.</summary>
internal readonly record struct ObjectKey(string Namespace, string Name) : IComparable<ObjectKey>
{
    public static ObjectKey Of(ObjectMeta metadata) => new(metadata.Namespace, metadata.Name);

    public static ObjectKey Of(SkippedObject skipped) => new(skipped.Namespace, skipped.Name);

    public int CompareTo(ObjectKey other)
    {
        var order = string.CompareOrdinal(Namespace, other.Namespace);
        return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
    }
}
