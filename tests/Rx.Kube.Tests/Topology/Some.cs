using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Topology;

/// <summary>Short names for the things these tests are about.</summary>
internal static class Some
{
    public static readonly EndpointPort Http = new("http", 8080);

    public static EndpointSlice Slice(string name, params Endpoint[] endpoints) => new()
    {
        Metadata = Meta(name, "cache"),
        AddressType = "IPv4",
        Endpoints = [.. endpoints],
        Ports = [Http],
    };

    public static ObjectMeta Meta(string name, string service, string @namespace = "prod") => new()
    {
        Name = name,
        Namespace = @namespace,
        Labels = new Dictionary<string, string> { [EndpointSlice.ServiceNameLabel] = service }.ToFrozenDictionary(),
    };

    public static Endpoint Pod(string name, string address, string uid = "u1") => new()
    {
        Addresses = [address],
        TargetRef = new TargetReference("Pod", "prod", name, uid),
    };

    public static WatchEvent<EndpointSlice> Listed(string version, params EndpointSlice[] slices) =>
        new WatchEvent<EndpointSlice>.Listed([.. slices], version);

    public static WatchEvent<EndpointSlice> Added(string version, EndpointSlice slice) =>
        new WatchEvent<EndpointSlice>.Added(slice, version);

    public static WatchEvent<EndpointSlice> Modified(string version, EndpointSlice slice) =>
        new WatchEvent<EndpointSlice>.Modified(slice, version);

    public static WatchEvent<EndpointSlice> Deleted(string version, EndpointSlice slice) =>
        new WatchEvent<EndpointSlice>.Deleted(slice, version);

    public static WatchEvent<EndpointSlice> Bookmark(string version) => new WatchEvent<EndpointSlice>.Bookmark(version);

    public static WatchEvent<EndpointSlice> Skipped(string version, string name) =>
        new WatchEvent<EndpointSlice>.Skipped(new SkippedObject("prod", name, version, "broken"), version);

    public static WatchEvent<EndpointSlice> Interrupted() => new WatchEvent<EndpointSlice>.Interrupted(Interruption);

    public static WatchEvent<EndpointSlice> Resumed() => new WatchEvent<EndpointSlice>.Resumed();

    public static WatchInterruption Interruption { get; } =
        new(InterruptionKind.Unreachable, "gone", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1));

    /// <summary>Every snapshot these events give.</summary>
    public static ImmutableArray<ServiceTopology> Fold(params WatchEvent<EndpointSlice>[] events) => Fold(null, events);

    public static ImmutableArray<ServiceTopology> Fold(ServiceName? service, params IEnumerable<WatchEvent<EndpointSlice>> events)
    {
        var snapshots = ImmutableArray.CreateBuilder<ServiceTopology>();
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        using var subscription = source.ToTopology(service).Subscribe(snapshots.Add);
        foreach (var next in events)
        {
            source.OnNext(next);
        }

        return snapshots.ToImmutable();
    }

    /// <summary>The last snapshot these events give.</summary>
    public static ServiceTopology Last(params WatchEvent<EndpointSlice>[] events) => Fold(events)[^1];

    /// <summary>A snapshot in words: member@address:ports, with a mark for what is not plainly ready.</summary>
    public static string Show(ServiceTopology topology) => string.Join(' ', topology.Endpoints.Select(e =>
        $"{e.Member}@{e.Address}:{string.Join(',', e.Ports.Select(p => p.Port))}{(e.Ready ? "" : "-")}{(e.Terminating ? "!" : "")}"));
}
