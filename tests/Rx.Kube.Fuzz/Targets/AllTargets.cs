using Rx.Kube.Fuzz.Models;
using Rx.Kube.Models;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>Everything that reads what others wrote. The state of decoders lasts as long as these do.</summary>
internal static class AllTargets
{
    private static readonly ResourceKind<Cache> _caches = new("example.com", "v1", "caches", CacheJson.Default.Cache);

    public static IReadOnlyList<Target> Create() =>
    [
        new ObjectTarget<EndpointSlice>(
            "slice", 20, ResourceKinds.EndpointSlices, Draw.Slice, Docs.Of, static (a, b) => a == b),
        new ObjectTarget<LegacyEndpoints>("endpoints", 8, ResourceKinds.Endpoints, Draw.Endpoints, Docs.Of, static (a, b) => a == b),
        new ObjectTarget<Pod>("pod", 10, ResourceKinds.Pods, Draw.Pod, Docs.Of, static (a, b) => a == b && a.Metadata == b.Metadata),
        new ObjectTarget<Node>("node", 8, ResourceKinds.Nodes, Draw.Node, Docs.Of, static (a, b) => a == b && a.Metadata == b.Metadata),
        new ObjectTarget<Cache>("custom", 5, _caches, Draw.Cache, Docs.Of, Same),
        new JsonWatchTarget<EndpointSlice>("watch", 10, ResourceKinds.EndpointSlices, Draw.Slice, Docs.Of, Folds.CheckTopology),
        new JsonWatchTarget<Pod>("watch-pods", 5, ResourceKinds.Pods, Draw.Pod, Docs.Of, Folds.Check),
        new JsonListTarget<EndpointSlice>("list", 8, ResourceKinds.EndpointSlices, Draw.Slice, Docs.Of),
        new ProtobufObjectTarget<EndpointSlice>(
            "slice-pb", 10, "EndpointSlice", ResourceKinds.EndpointSlices, Draw.Slice, ProtobufDocs.Of),
        new ProtobufObjectTarget<LegacyEndpoints>(
            "endpoints-pb", 4, "Endpoints", ResourceKinds.Endpoints, dice => WithoutEmptyHosts(Draw.Endpoints(dice)), ProtobufDocs.Of),
        new ProtobufObjectTarget<Pod>("pod-pb", 5, "Pod", ResourceKinds.Pods, Draw.Pod, ProtobufDocs.Of),
        new ProtobufObjectTarget<Node>("node-pb", 4, "Node", ResourceKinds.Nodes, Draw.Node, ProtobufDocs.Of),
        new ProtobufWatchTarget<EndpointSlice>(
            "watch-pb", 8, "EndpointSlice", ResourceKinds.EndpointSlices, Draw.Slice, ProtobufDocs.Of, Folds.CheckTopology),
        new ProtobufListTarget<EndpointSlice>("list-pb", 6, ResourceKinds.EndpointSlices, Draw.Slice, ProtobufDocs.Of),
        new PagesTarget(),
        new StatusTarget(),
        new KubeconfigTarget(),
        new ExecTarget(),
        new IdTokenTarget(),
        new PemTarget(),
        new ProxyTarget(),
        new TextTarget(),
        new RecordingTarget(),
    ];

    // An empty name of a host is none in protobuf.
    private static LegacyEndpoints WithoutEmptyHosts(LegacyEndpoints endpoints)
    {
        return endpoints with { Subsets = [.. endpoints.Subsets.Select(Subset)] };

        static EndpointSubset Subset(EndpointSubset s) => s with
        {
            Addresses = [.. s.Addresses.Select(Address)],
            NotReadyAddresses = [.. s.NotReadyAddresses.Select(Address)],
        };

        static EndpointAddress Address(EndpointAddress a) => a.Hostname is "" ? a with { Hostname = null } : a;
    }

    private static bool Same(Cache a, Cache b) =>
        a.Metadata == b.Metadata && a.Spec is null == b.Spec is null && a.Spec?.Replicas == b.Spec?.Replicas && a.Spec?.Mode == b.Spec?.Mode
        && (a.Spec?.Tags ?? []).SequenceEqual(b.Spec?.Tags ?? [])
        && (a.Spec?.Limits ?? new Dictionary<string, long>()).ToHashSet().SetEquals(b.Spec?.Limits ?? new Dictionary<string, long>());
}
