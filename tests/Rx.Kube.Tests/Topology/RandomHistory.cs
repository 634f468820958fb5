using System.Collections.Immutable;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>
/// A history of a Service's slices, determined by its seed: with few names and addresses, so that claims often collide, or with many, so
/// that trees have many nodes.
/// </summary>
internal sealed class RandomHistory
{
    private readonly Random _random;
    private readonly bool _large;
    private readonly Dictionary<string, EndpointSlice> _slices = [];
    private int _version;

    public RandomHistory(int seed, bool large, int events)
    {
        (_random, _large) = (new Random(seed), large);
        Events = [Relist(), .. Enumerable.Range(0, events).Select(_ => Next())];
    }

    public ImmutableArray<WatchEvent<EndpointSlice>> Events { get; }

    /// <summary>The slices at the end, in another order each time.</summary>
    public EndpointSlice[] Slices()
    {
        var slices = _slices.Values.ToArray();
        _random.Shuffle(slices);
        return slices;
    }

    /// <summary>The same slice with its endpoints and ports in another order.</summary>
    public EndpointSlice Shuffled(EndpointSlice slice)
    {
        var (endpoints, ports) = (slice.Endpoints.ToArray(), slice.Ports.ToArray());
        _random.Shuffle(endpoints);
        _random.Shuffle(ports);
        return slice with { Endpoints = [.. endpoints], Ports = [.. ports] };
    }

    private WatchEvent<EndpointSlice> Next()
    {
        var version = (++_version).ToString();
        var name = $"s{_random.Next(_large ? 8 : 4)}";
        var known = _slices.GetValueOrDefault(name);
        switch (_random.Next(12))
        {
            case 0 when !_large || _random.Next(3) == 0:
                return Relist();
            case 1:
                return Interrupted();
            case 2:
                return Resumed();
            case 3:
                return Bookmark(version);
            case 4 or 5 when known is not null && !(_large && _random.Next(3) > 0):
                _slices.Remove(name);
                return Deleted(version, known);
            case >= 8 when known is { Endpoints.Count: > 0 }:
                return Modified(version, _slices[name] = OneChange(known));
            default:
                var slice = _slices[name] = RandomSlice(name);
                return known is null ? Added(version, slice) : Modified(version, slice);
        }
    }

    private WatchEvent<EndpointSlice> Relist()
    {
        for (var i = 0; i < 4; i++)
        {
            _slices.Remove($"s{_random.Next(8)}");
            var name = $"s{_random.Next(_large ? 8 : 4)}";
            _slices[name] = RandomSlice(name);
        }

        return Listed((++_version).ToString(), Slices());
    }

    private EndpointSlice OneChange(EndpointSlice slice)
    {
        var at = _random.Next(slice.Endpoints.Count);
        return slice with
        {
            Endpoints = _random.Next(3) switch
            {
                0 => slice.Endpoints.RemoveAt(at),
                1 => slice.Endpoints.Insert(at, RandomEndpoint()),
                _ => slice.Endpoints.SetItem(at, RandomEndpoint()),
            },
        };
    }

    private EndpointSlice RandomSlice(string name)
    {
        EndpointPort[] ports = [new("http", 80), new("web", 80), new("http", 81), new("dns", 80, "UDP"), new("none", null)];
        return Slice(name) with
        {
            Metadata = Meta(name, "cache") with { Uid = $"{_random.Next(3)}" },
            AddressType = _random.Next(5) == 0 ? "IPv6" : "IPv4",
            Endpoints = [.. Enumerable.Range(0, _random.Next(_large ? 300 : 5)).Select(_ => RandomEndpoint())],
            Ports = [.. ports.Where(_ => _random.Next(_large ? 5 : 3) == 0)],
        };
    }

    private Endpoint RandomEndpoint()
    {
        string[] addresses = ["10.0.0.1", "10.0.0.2", "::ffff:10.0.0.2", "fd00::1", "FD00:0::1", "10.0.0.3"];
        bool?[] condition = [null, true, false];
        var member = $"p{_random.Next(_large ? 400 : 4)}";
        return new Endpoint
        {
            Addresses = _random.Next(20) == 0 ? []
                : [_large ? $"10.0.{_random.Next(4)}.{_random.Next(256)}" : _random.GetItems(addresses, 1)[0]],
            Ready = _random.GetItems(condition, 1)[0],
            Serving = _random.GetItems(condition, 1)[0],
            Terminating = _random.GetItems(condition, 1)[0],
            Hostname = _random.Next(4) == 0 ? $"h{_random.Next(2)}" : null,
            NodeName = _random.Next(4) == 0 ? $"n{_random.Next(2)}" : null,
            Zone = _random.Next(2) == 0 ? "a" : null,
            TargetRef = _random.Next(6) == 0 ? null : new TargetReference("Pod", "prod", member, $"u{_random.Next(2)}"),
            ForZones = _random.Next(4) == 0 ? ["a"] : [],
            ForNodes = _random.Next(4) == 0 ? ["n0"] : [],
        };
    }
}
