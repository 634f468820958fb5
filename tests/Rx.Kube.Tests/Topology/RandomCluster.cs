using System.Collections.Immutable;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>
/// A history of the slices of several Services, determined by its seed: slices come, go, change their Service, or cannot be decoded.
/// </summary>
internal sealed class RandomCluster
{
    private static readonly string[] _services = ["cache", "web", "db", ""];
    private readonly Random _random;
    private readonly Dictionary<(string, string), EndpointSlice> _slices = [];
    private int _version;

    public RandomCluster(int seed, int events)
    {
        _random = new Random(seed);
        WatchEvent<EndpointSlice>[] first = _random.Next(3) == 0 ? [Interrupted()] : [];
        Events = [.. first, Relist(), .. Enumerable.Range(0, events).Select(_ => Next())];
    }

    public static ImmutableArray<ServiceName> Services { get; } =
        [.. from ns in new[] { "prod", "test" } from service in _services where service.Length > 0 select new ServiceName(ns, service)];

    public ImmutableArray<WatchEvent<EndpointSlice>> Events { get; }

    /// <summary>The slices at the end, in another order each time.</summary>
    public EndpointSlice[] Slices()
    {
        var slices = _slices.Values.ToArray();
        _random.Shuffle(slices);
        return slices;
    }

    private WatchEvent<EndpointSlice> Next()
    {
        var version = $"{++_version}";
        var key = RandomKey();
        var known = _slices.GetValueOrDefault(key);
        switch (_random.Next(16))
        {
            case 0:
                return Relist();
            case 1:
                return Interrupted();
            case 2:
                return Resumed();
            case 3:
                return Bookmark(version);
            case 4 or 5 when known is not null:
                _slices.Remove(key);
                return Deleted(version, known);
            case 6:
                return new WatchEvent<EndpointSlice>.Skipped(new(key.Namespace, key.Name, version, "broken"), version);
            case 7:
                _slices.Remove(key);
                return new WatchEvent<EndpointSlice>.Skipped(new(key.Namespace, key.Name, version, "broken"), version)
                {
                    IsDeletion = true,
                };
            case 8 when known is not null:
                return Modified(version, known);
            default:
                var slice = _slices[key] = RandomSlice(key);
                return known is null ? Added(version, slice) : Modified(version, slice);
        }
    }

    private WatchEvent<EndpointSlice> Relist()
    {
        for (var i = 0; i < 3; i++)
        {
            _slices.Remove(RandomKey());
            var key = RandomKey();
            _slices[key] = RandomSlice(key);
        }

        return Listed($"{++_version}", Slices());
    }

    private (string Namespace, string Name) RandomKey() => (_random.Next(3) == 0 ? "test" : "prod", $"s{_random.Next(6)}");

    private EndpointSlice RandomSlice((string Namespace, string Name) key) => Slice(key.Name) with
    {
        Metadata = Meta(key.Name, _random.GetItems(_services, 1)[0], key.Namespace) with
        {
            LastChangeTriggerTime = _random.Next(2) == 0 ? null : DateTimeOffset.UnixEpoch.AddSeconds(_random.Next(5)),
        },
        Endpoints = [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Pod($"p{_random.Next(5)}", $"10.0.0.{_random.Next(4)}") with
        {
            Ready = _random.Next(3) > 0,
        })],
    };
}
