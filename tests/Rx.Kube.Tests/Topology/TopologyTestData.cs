using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Topology;

/// <summary>Slices, events and folds of the Service <c>prod/cache</c>, under short names.</summary>
internal static class TopologyTestData
{
    public static readonly EndpointPort Http = new("http", 8080);

    public static WatchInterruption Interruption { get; } =
        new(InterruptionKind.Unreachable, "gone", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1));

    /// <summary>
    /// A slice with the port <see cref="Http"/>. The endpoints are set as they are, because the builder holds one endpoint per pod, and a
    /// server may send several.
    /// </summary>
    public static EndpointSlice Slice(string name, params Endpoint[] endpoints) =>
        Testing.Slice.Of(name, "cache", @namespace: "prod").WithPort(Http.Port, Http.Name) with { Endpoints = [.. endpoints] };

    /// <summary>The metadata of a slice; without a label when the Service is empty.</summary>
    public static ObjectMeta Meta(string name, string service, string @namespace = "prod") => service.Length > 0
        ? Testing.Slice.Of(name, service, @namespace: @namespace).Metadata
        : Meta(name, "cache", @namespace) with { Labels = FrozenDictionary<string, string>.Empty };

    /// <summary>An endpoint of a pod, without conditions.</summary>
    public static Endpoint Pod(string name, string address, string uid = "u1") => new()
    {
        Addresses = [address],
        TargetRef = new TargetReference("Pod", "prod", name, uid),
    };

    public static WatchEvent<EndpointSlice> Listed(string version, params EndpointSlice[] slices) => WatchEvents.Listed(version, slices);

    public static WatchEvent<EndpointSlice> Added(string version, EndpointSlice slice) => WatchEvents.Added(slice, version);

    public static WatchEvent<EndpointSlice> Modified(string version, EndpointSlice slice) => WatchEvents.Modified(slice, version);

    public static WatchEvent<EndpointSlice> Deleted(string version, EndpointSlice slice) => WatchEvents.Deleted(slice, version);

    public static WatchEvent<EndpointSlice> Bookmark(string version) => WatchEvents.Bookmark<EndpointSlice>(version);

    public static WatchEvent<EndpointSlice> Skipped(string version, string name) =>
        new WatchEvent<EndpointSlice>.Skipped(new SkippedObject("prod", name, version, "broken"), version);

    public static WatchEvent<EndpointSlice> Interrupted() => new WatchEvent<EndpointSlice>.Interrupted(Interruption);

    public static WatchEvent<EndpointSlice> Resumed() => WatchEvents.Resumed<EndpointSlice>();

    /// <summary>All snapshots that the events give.</summary>
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

    /// <summary>The last snapshot that the events give.</summary>
    public static ServiceTopology Last(params WatchEvent<EndpointSlice>[] events) => Fold(events)[^1];

    /// <summary>A snapshot as text: member@address:ports, then - for not ready and ! for terminating.</summary>
    public static string Show(ServiceTopology topology) => string.Join(' ', topology.Endpoints.Select(e =>
        $"{e.Member}@{e.Address}:{string.Join(',', e.Ports.Select(p => p.Port))}{(e.Ready ? "" : "-")}{(e.Terminating ? "!" : "")}"));
}
