using System.Collections.Immutable;
using Rx.Kube.Resources;
using Rx.Kube.Watching;

namespace Rx.Kube.Topology;

/// <summary>The state of one subscription to <see cref="TopologyOperators.ToTopology"/>: event in, snapshot out. One thread at a time.</summary>
internal sealed class TopologyFold(ServiceName? service)
{
    private readonly bool _isChosen = service is not null;
    private readonly AddressClaims _claims = new();
    private readonly CurrentEndpoints _endpoints = new();
    private readonly SortedDictionary<Key, SkippedObject> _skipped = [];
    private Dictionary<Key, SliceEndpoints> _slices = [];
    private ServiceName? _service = service;
    private ImmutableArray<SkippedObject> _skippedNow = [];
    private DateTimeOffset? _triggered;
    private Freshness _freshness = new Freshness.Syncing();
    private string _version = "";
    private long _list;

    /// <summary>Takes an event.</summary>
    /// <returns>The snapshot after it; null if the event gives none.</returns>
    /// <exception cref="InvalidOperationException">The event is about another Service.</exception>
    public ServiceTopology? Apply(WatchEvent<EndpointSlice> next)
    {
        _triggered = null;
        switch (next)
        {
            case WatchEvent<EndpointSlice>.Listed listed:
                _version = listed.ResourceVersion;
                _freshness = Freshness.Live.Instance;
                _list++;
                Replace(listed);
                break;
            case WatchEvent<EndpointSlice>.Added(var slice, var version):
                Advance(version);
                Put(slice);
                break;
            case WatchEvent<EndpointSlice>.Modified(var slice, var version):
                Advance(version);
                Put(slice);
                break;
            case WatchEvent<EndpointSlice>.Deleted(var slice, var version):
                Advance(version);
                Drop(slice);
                break;
            case WatchEvent<EndpointSlice>.Skipped(var skipped, var version) { IsDeletion: false }:
                Advance(version);
                _skipped[Key.Of(skipped)] = skipped;
                _skippedNow = [.. _skipped.Values];
                break;
            case WatchEvent<EndpointSlice>.Skipped(var skipped, var version):
                Advance(version);
                Drop(Key.Of(skipped));
                break;
            case WatchEvent<EndpointSlice>.Interrupted(var interruption):
                _freshness = _freshness.IsSynced ? new Freshness.Stale(interruption) : new Freshness.Syncing(interruption);
                break;
            case WatchEvent<EndpointSlice>.Resumed:
                _freshness = _freshness.IsSynced ? Freshness.Live.Instance : new Freshness.Syncing();
                break;
            case WatchEvent<EndpointSlice>.Bookmark(var version):
                Advance(version);
                return null;
            default:
                return null;
        }

        var (gone, added) = _claims.Settle();
        _endpoints.Apply(gone, added);
        return new ServiceTopology(
            _service, _freshness.IsSynced ? _version : "", _freshness, _endpoints.Tree, _endpoints.MembersSince, _skippedNow, _list, _triggered);
    }

    // A deletion, or a bookmark, may come with an older version; only a list may go back, and then the server itself did.
    private void Advance(string version) => _version = ResourceVersion.IsOlder(version, than: _version) ? _version : version;

    private void Replace(WatchEvent<EndpointSlice>.Listed listed)
    {
        var before = _slices;
        _slices = new Dictionary<Key, SliceEndpoints>(listed.Items.Length);
        foreach (var slice in listed.Items)
        {
            if (IsOurs(slice))
            {
                var key = Key.Of(slice);
                before.Remove(key, out var old);
                _slices[key] = SliceEndpoints.Replace(old ?? _slices.GetValueOrDefault(key), slice, _claims);
            }
        }

        _skipped.Clear();
        foreach (var skipped in listed.SkippedItems)
        {
            var key = Key.Of(skipped);
            _skipped[key] = skipped;
            if (before.Remove(key, out var lastGood))
            {
                _slices.TryAdd(key, lastGood);
            }
        }

        _skippedNow = [.. _skipped.Values];
        foreach (var gone in before.Values)
        {
            gone.Withdraw(_claims);
        }
    }

    private void Put(EndpointSlice slice)
    {
        if (!IsOurs(slice))
        {
            Drop(slice);
            return;
        }

        var key = Key.Of(slice);
        var before = _slices.GetValueOrDefault(key);
        _slices[key] = SliceEndpoints.Replace(before, slice, _claims);
        _triggered = slice.Metadata.LastChangeTriggerTime == before?.LastChangeTriggerTime ? null : slice.Metadata.LastChangeTriggerTime;
        Unskip(key);
    }

    private void Drop(EndpointSlice slice) => Drop(Key.Of(slice));

    private void Drop(Key key)
    {
        if (_slices.Remove(key, out var gone))
        {
            gone.Withdraw(_claims);
        }

        Unskip(key);
    }

    private void Unskip(Key key)
    {
        if (_skipped.Count > 0 && _skipped.Remove(key))
        {
            _skippedNow = [.. _skipped.Values];
        }
    }

    private bool IsOurs(EndpointSlice slice)
    {
        var (@namespace, name) = (slice.Metadata.Namespace, slice.ServiceName);
        if (_service is null && name.Length > 0)
        {
            _service = new ServiceName(@namespace, name);
        }

        var isOurs = _service is not null && _service.Name == name && _service.Namespace == @namespace;
        return isOurs || _isChosen ? isOurs : throw new InvalidOperationException(
            $"EndpointSlice {@namespace}/{slice.Metadata.Name} belongs to " +
            (name.Length > 0 ? $"Service {@namespace}/{name}" : $"no Service (it has no label {EndpointSlice.ServiceNameLabel})") +
            (_service is null ? "" : $", but this topology is of Service {_service}") +
            $". Watch one Service (label selector {EndpointSlice.ServiceNameLabel}=NAME), or pass its name to ToTopology.");
    }

    private readonly record struct Key(string Namespace, string Name) : IComparable<Key>
    {
        public static Key Of(EndpointSlice slice) => new(slice.Metadata.Namespace, slice.Metadata.Name);

        public static Key Of(SkippedObject skipped) => new(skipped.Namespace, skipped.Name);

        public int CompareTo(Key other)
        {
            var order = string.CompareOrdinal(Namespace, other.Namespace);
            return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
        }
    }
}
