using System.Collections.Frozen;
using System.Reactive.Linq;
using Rx.Kube.Models;

namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>Creates slices and watch events of the Service prod/cache, and the snapshots that they give.</summary>
internal static class CacheService
{
    public static readonly ServiceName Cache = new("prod", "cache");

    public static Endpoint Pod(
        string name, string address, bool ready = true, bool? serving = null, bool terminating = false, string uid = "1",
        string? zone = "a", string? node = "n1") => new()
        {
            Addresses = [address],
            Ready = ready,
            Serving = serving ?? ready,
            Terminating = terminating,
            Hostname = name,
            Zone = zone,
            NodeName = node,
            TargetRef = new TargetReference("Pod", "prod", name, $"{name}-{uid}"),
        };

    public static EndpointSlice Slice(params Endpoint[] endpoints) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = "cache-abc",
            Namespace = "prod",
            Uid = "u",
            ResourceVersion = "1",
            Labels = new Dictionary<string, string> { [EndpointSlice.ServiceNameLabel] = "cache" }.ToFrozenDictionary(),
        },
        AddressType = "IPv4",
        Endpoints = [.. endpoints],
        Ports = [new EndpointPort("http", 8080), new EndpointPort("gossip", 7946, "UDP")],
    };

    public static WatchEvent<EndpointSlice> Listed(string version, params Endpoint[] endpoints) =>
        new WatchEvent<EndpointSlice>.Listed([Slice(endpoints)], version);

    public static WatchEvent<EndpointSlice> Modified(string version, params Endpoint[] endpoints) =>
        new WatchEvent<EndpointSlice>.Modified(Slice(endpoints), version);

    public static WatchEvent<EndpointSlice> Skipped(string version, string name, string reason) =>
        new WatchEvent<EndpointSlice>.Skipped(new SkippedObject("prod", name, version, reason), version);

    public static WatchEvent<EndpointSlice> Resumed { get; } = new WatchEvent<EndpointSlice>.Resumed();

    public static WatchEvent<EndpointSlice> Interrupted(
        DateTimeOffset at, double retrySeconds, string message = "connection refused (10.0.0.1:6443)", DateTimeOffset? since = null,
        Exception? error = null) =>
        new WatchEvent<EndpointSlice>.Interrupted(new WatchInterruption(
            InterruptionKind.Unreachable, message, since ?? at, at, TimeSpan.FromSeconds(retrySeconds), error));

    public static IList<ServiceTopology> Snapshots(params WatchEvent<EndpointSlice>[] events) =>
        events.ToObservable().ToTopology(Cache).ToList().Wait();
}
