using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Models;
using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Watch;

/// <summary>A real server answers in JSON and in protobuf: the objects, the events, the errors and the topologies are equal.</summary>
public sealed class ProtobufTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    private static readonly TimeSpan _atMost = TimeSpan.FromSeconds(60);

    [RealServerFact(Needs = Needs.ServerControl)] // A Node has no namespace: not on an external cluster.
    public async Task Objects_with_every_field_are_equal_in_both_formats()
    {
        await CreateAsync(Objects("full"));
        using var json = Connect(WireFormat.Json);
        using var protobuf = Connect(WireFormat.Protobuf);

        await SameAsync(json, protobuf, ResourceKinds.EndpointSlices, "full-slice", isNamespaced: true);
        await SameAsync(json, protobuf, ResourceKinds.Endpoints, "full-service", isNamespaced: true);
        await SameAsync(json, protobuf, ResourceKinds.Pods, "full-pod", isNamespaced: true);
        await SameAsync(json, protobuf, ResourceKinds.Nodes, $"{server.Namespace}-full", isNamespaced: false);
    }

    [RealServerFact]
    public async Task A_watch_a_streaming_list_and_pages_are_equal_in_both_formats()
    {
        await CreateAsync(Objects("watched"));
        await CreateAsync(SliceManifest.Of("watched-b", "watched", 2));
        using var json = Connect(WireFormat.Json, pageSize: 1);
        using var protobuf = Connect(WireFormat.Protobuf, pageSize: 1);
        var version = (await protobuf.Slices.List(ListOptions.MostRecent).ToTask().WaitAsync(_atMost)).ResourceVersion;
        Assert.Equal(version, (await json.Slices.List(ListOptions.MostRecent).ToTask().WaitAsync(_atMost)).ResourceVersion);

        var resumed = new[] { json, protobuf }.Select(c => Events(c, new WatchOptions(version), 4)).ToArray();
        var ready = await PatchAsync("watched-slice", """{"endpoints":[{"addresses":["10.9.0.1"],"conditions":{"ready":false}}]}""");
        await PatchAsync("watched-slice", """{"metadata":{"labels":{"more":"labels"}}}""");
        await PatchAsync("watched-slice", """{"ports":[{"name":"other","port":81}]}""");
        (await server.KubectlAsync("delete endpointslice watched-b")).OutputOrThrow();
        Assert.NotEmpty(ready);

        Assert.Equal(["Modified", "Modified", "Modified", "Deleted"], (await resumed[1]).Select(e => e.GetType().Name));
        Assert.Equal(await resumed[0], await resumed[1]);

        var streamed = new[] { json, protobuf }
            .Select(c => c.Slices.Watch(new WatchOptions("") { SendInitialEvents = true, Timeout = _atMost })
                .TakeUntil(e => e is WatchEvent<EndpointSlice>.Bookmark { EndsInitialEvents: true }).ToList().ToTask().WaitAsync(_atMost))
            .ToArray();
        Assert.Contains(await streamed[1], e => e is WatchEvent<EndpointSlice>.Added { Object.Metadata.Name: "watched-slice" });
        Assert.Equal(
            (await streamed[0]).OfType<WatchEvent<EndpointSlice>.Added>(), (await streamed[1]).OfType<WatchEvent<EndpointSlice>.Added>());
    }

    [RealServerFact]
    public async Task Topologies_are_equal_in_both_formats_while_slices_change()
    {
        using var json = Connect(WireFormat.Json);
        using var protobuf = Connect(WireFormat.Protobuf);
        var selection = "kubernetes.io/service-name=topology";
        var snapshots = new[] { json, protobuf }
            .Select(c => c.Kube.EndpointSlices(server.Namespace, labelSelector: selection).Resume().ToClusterTopology().Replay(1))
            .ToArray();
        using var first = snapshots[0].Connect();
        using var second = snapshots[1].Connect();
        await CreateAsync(SliceManifest.Of("topology-a", "topology", 1));
        await CreateAsync(SliceManifest.Of("topology-b", "topology", 2));
        await PatchAsync("topology-a", """{"endpoints":[{"addresses":["10.9.0.1"],"zone":"a","conditions":{"ready":false}}]}""");
        (await server.KubectlAsync("delete endpointslice topology-b")).OutputOrThrow();

        var last = await Task.WhenAll(snapshots.Select(
            s => s.FirstAsync(t => t.Names.Any() && t[t.Names.First()].Endpoints.Any(e => e.Address.ToString() == "10.9.0.1")
                && t[t.Names.First()].Endpoints.Count == 1)
            .ToTask().WaitAsync(_atMost)));

        var name = last[0].Names.Single();
        Assert.Equal(last[0][name], last[1][name]);
        Assert.Equal(last[0][name].Endpoints, last[1][name].Endpoints);
    }

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task Errors_are_equal_in_both_formats()
    {
        await CreateAsync(SliceManifest.Of("errors-a", "errors", 1));
        var old = (await Errors(WireFormat.Json)).Version;
        await CreateAsync(SliceManifest.Of("errors-b", "errors", 1));
        await CreateAsync(SliceManifest.Of("errors-c", "errors", 1));
        await server.RestartAsync(); // the watch cache starts empty

        var (json, protobuf) = (await Errors(WireFormat.Json, old), await Errors(WireFormat.Protobuf, old));

        Assert.True(protobuf.Watch!.IsGone);
        Assert.Equal(json.Watch!.Status, protobuf.Watch.Status);
        Assert.Equal((504, json.List.Status.Reason), (protobuf.List.Status.Code, protobuf.List.Status.Reason));
        Assert.Equal(json.List.Status.Causes, protobuf.List.Status.Causes);
        Assert.Equal(json.List.RetryAfter, protobuf.List.RetryAfter);
        Assert.Equal((403, json.Forbidden.Status), (protobuf.Forbidden.Status.Code, protobuf.Forbidden.Status));
        Assert.Equal((401, json.Unauthorized.Status), (protobuf.Unauthorized.Status.Code, protobuf.Unauthorized.Status));
    }

    private async Task<(string Version, KubeStatusException? Watch, KubeStatusException List, KubeStatusException Forbidden,
        KubeStatusException Unauthorized)> Errors(WireFormat format, string? from = null)
    {
        using var client = Connect(format);
        var version = (await client.Slices.List(ListOptions.MostRecent).ToTask().WaitAsync(_atMost)).ResourceVersion;
        var watch = from is null ? null : await FailsAsync(client.Slices.Watch(new WatchOptions(from)));
        var list = await FailsAsync(client.Slices.List(new ListOptions { NotOlderThan = "99999999" }));
        using var unprivileged = Connect(format, server.Tokens.Unprivileged);
        using var unknown = Connect(format, "no-such-token");
        return (
            version, watch, list, await FailsAsync(unprivileged.Slices.List(ListOptions.MostRecent)),
            await FailsAsync(unknown.Slices.List(ListOptions.MostRecent)));
    }

    private static Task<KubeStatusException> FailsAsync<T>(IObservable<T> requests) =>
        Assert.ThrowsAnyAsync<KubeStatusException>(() => requests.ToTask().WaitAsync(_atMost));

    private static Task<IList<WatchEvent<EndpointSlice>>> Events(Client client, WatchOptions options, int count) => client.Slices
        .Watch(options with { Timeout = _atMost })
        .Where(e => e is WatchEvent<EndpointSlice>.Added or WatchEvent<EndpointSlice>.Modified or WatchEvent<EndpointSlice>.Deleted)
        .Take(count).ToList().ToTask().WaitAsync(_atMost);

    private async Task SameAsync<T>(Client json, Client protobuf, ResourceKind<T> kind, string name, bool isNamespaced)
        where T : class, IResource
    {
        var selection = new ResourceSelection
        {
            Namespace = isNamespaced ? server.Namespace : null,
            FieldSelector = $"metadata.name={name}",
        };
        var lists = await Task.WhenAll(new[] { json, protobuf }.Select(c => c.Kube.Resources(kind, selection).List(ListOptions.MostRecent)
            .ToTask().WaitAsync(_atMost)));
        var watches = await Task.WhenAll(new[] { json, protobuf }.Select(c => c.Kube.Resources(kind, selection)
            .Watch(new WatchOptions("0") { Timeout = _atMost })
            .OfType<WatchEvent<T>.Added>().FirstAsync().ToTask().WaitAsync(_atMost)));

        var item = Assert.Single(lists[1].Items);
        Assert.Equal(name, item.Metadata.Name);
        Assert.Equal(Assert.Single(lists[0].Items), item);
        Assert.Equal(lists[0].Items[0].Metadata, item.Metadata);
        Assert.Equal(watches[0], watches[1]);
        Assert.Equal(item, watches[1].Object);
        Assert.Empty(lists[1].SkippedItems);
    }

    private Client Connect(WireFormat format, string? token = null, int pageSize = 500)
    {
        var http = server.Client(token);
        http.Timeout = Timeout.InfiniteTimeSpan;
        return new Client(http, server, format, pageSize);
    }

    private async Task CreateAsync(string manifest) =>
        (await server.KubectlAsync("create --validate=false -f -", manifest)).OutputOrThrow();

    private async Task<string> PatchAsync(string slice, string patch) =>
        (await server.KubectlAsync(["patch", "endpointslice", slice, "--type=merge", "-p", patch])).OutputOrThrow();

    // Each kind with every field of its model, and fields that a model does not have.
    private string Objects(string name) => $$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: {{name}}-slice
          labels: { kubernetes.io/service-name: {{name}}, app: cache }
          annotations: { endpoints.kubernetes.io/last-change-trigger-time: "2026-01-02T03:04:05.678Z", other: "wärme 😀" }
          ownerReferences: [{ apiVersion: v1, kind: Service, name: {{name}}, uid: s-uid, controller: true, blockOwnerDeletion: true }]
        addressType: IPv4
        endpoints:
        - addresses: [10.0.0.1, 10.0.0.2]
          conditions: { ready: true, serving: true, terminating: false }
          hostname: cache-0
          nodeName: n1
          zone: a
          targetRef: { kind: Pod, namespace: default, name: cache-0, uid: u-0, apiVersion: v1, resourceVersion: "7", fieldPath: x }
          hints: { forZones: [{ name: a }, { name: b }], forNodes: [{ name: n1 }] }
          deprecatedTopology: { kubernetes.io/hostname: n1 }
        - addresses: [10.0.0.3]
          hostname: ""
          zone: ""
          conditions: {}
        ports: [{ name: http, port: 8080, protocol: TCP, appProtocol: kubernetes.io/h2c }, { name: "", port: 0 }, {}]
        ---
        apiVersion: v1
        kind: Endpoints
        metadata:
          name: {{name}}-service
          annotations: { endpoints.kubernetes.io/over-capacity: truncated }
        subsets:
        - addresses:
          - { ip: 10.0.0.1, hostname: cache-0, nodeName: n1, targetRef: { kind: Pod, name: cache-0, uid: u-0 } }
          - { ip: 10.0.0.4 }
          notReadyAddresses: [{ ip: 10.0.0.2, hostname: "", nodeName: "" }]
          ports: [{ name: http, port: 8080, protocol: TCP, appProtocol: http }, { port: 81 }, {}]
        - {}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: {{name}}-pod
          labels: { apps.kubernetes.io/pod-index: "3", controller-revision-hash: cache-1 }
          ownerReferences:
          - { apiVersion: v1, kind: Other, name: other, uid: o-uid }
          - { apiVersion: apps/v1, kind: StatefulSet, name: cache, uid: ss-uid, controller: true }
        spec: { nodeName: n1, hostname: cache-3, containers: [{ name: c, image: example.com/c, env: [{ name: A, value: b }] }] }
        status:
          phase: Running
          podIP: 10.0.0.1
          podIPs: [{ ip: 10.0.0.1 }, { ip: "fd00::1" }]
          conditions: [{ type: Initialized, status: "True" }, { type: Ready, status: "True" }]
          containerStatuses: [{ name: c, ready: true, restartCount: 2, image: i, imageID: j }]
        ---
        apiVersion: v1
        kind: Node
        metadata:
          name: {{server.Namespace}}-{{name}}
          labels: { topology.kubernetes.io/zone: eu-1a, topology.kubernetes.io/region: eu-1 }
        spec: { unschedulable: true, podCIDR: 10.0.0.0/24, taints: [{ key: k, effect: NoSchedule }] }
        status:
          capacity: { cpu: "4", memory: 8Gi }
          conditions: [{ type: MemoryPressure, status: "False" }, { type: Ready, status: "True" }]
          images: [{ names: [a, b], sizeBytes: 12345678 }]
        """;

    private sealed class Client : IDisposable
    {
        private readonly HttpClient _http;

        public Client(HttpClient http, RealApiServer server, WireFormat format, int pageSize)
        {
            _http = http;
            Kube = KubeConnection.From(http, server.Url, options: new() { Format = format, Namespace = server.Namespace });
            Slices = Kube.EndpointSlices(limits: new() { PageSize = pageSize });
        }

        public KubeConnection Kube { get; }

        public IWatchable<EndpointSlice> Slices { get; }

        public void Dispose()
        {
            Kube.Dispose();
            _http.Dispose();
        }
    }
}
