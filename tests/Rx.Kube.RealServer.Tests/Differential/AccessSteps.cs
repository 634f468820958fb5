using static Rx.Kube.RealServer.Tests.Differential.RequestBodies;
using static Rx.Kube.RealServer.Tests.Differential.Step;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>Requests about permissions, discovery and unknown paths.</summary>
internal static class AccessSteps
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

    private static readonly string?[] _tokens = ["reader-token", "lister-token", "nobody-token", "unknown", null];

    private static readonly Step[] _requests =
    [
        Get(Slices + "?labelSelector=none"),
        Get(Slices + "/a"),
        Get(Slices + "?watch=true&timeoutSeconds=1&labelSelector=none"),
        Get("apis/discovery.k8s.io/v1/endpointslices?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dnone"),
        Post(Slices, Slice("forbidden-{ns}")),
        Patch("merge", "api/v1/nodes/x", "{}"),
        Put("api/v1/namespaces/x", "{}"),
        Delete(Slices + "/a"),
        Delete(Core + "pods"),
        Get(Core + "pods/p/log"),
        Get("version") with { NamesOnly = true },
        Post("version", "{}") with { HeadOnly = true },
    ];

    internal static IReadOnlyList<Step> All { get; } =
    [
        Post(Slices, Slice("a")),
        .. _tokens.SelectMany(t => _requests.Select(r => r with { Token = t })),

        Get("api"),
        Get("apis"),
        Get("api/v1"),
        Get("api/v1/"),
        Get("apis/discovery.k8s.io"),
        Get("apis/discovery.k8s.io/v1"),
        Get("api") with { Accept = Aggregated },
        Get("apis") with { Accept = Aggregated },
        Get("version") with { NamesOnly = true },
        Get("healthz"),
        Get("readyz"),
        Get("livez"),
        Get("") with { HeadOnly = true },
        Get("nothing") with { HeadOnly = true },
        Get("apis/none.example.com") with { HeadOnly = true },
        Get("apis/discovery.k8s.io/v2/endpointslices") with { HeadOnly = true },
        Get("api/v2"),
        Get("api/v1/foos"),
        Get("apis/discovery.k8s.io/v1/foos"),
        Get("api/v1/namespaces/{ns}/nodes"),
        Get(Core + "pods/p/log"),
        Get(Slices + "/a/status"),
        Put(Slices, "{}"),
        Patch("merge", Slices, "{}"),
        Post(Slices + "/a", "{}"),
        Post("apis/discovery.k8s.io/v1/endpointslices", Slice("b")),
        Delete("apis/discovery.k8s.io/v1/endpointslices"),
        new("HEAD", "api/v1/nodes") { HeadOnly = true },
        Get("api/v1/nodes/?limit=1&labelSelector=none"),
        Get("apis/"),
        Get("apis/discovery.k8s.io/v1/"),
        Get("version/"),
    ];
}
