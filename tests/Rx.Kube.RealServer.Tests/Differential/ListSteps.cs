using static Rx.Kube.RealServer.Tests.Differential.RequestBodies;
using static Rx.Kube.RealServer.Tests.Differential.Step;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>Requests for lists: versions, pages, tables.</summary>
internal static class ListSteps
{
    private const string Table =
        "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

    internal static IReadOnlyList<Step> All { get; } =
    [
        .. FiveSlices,
        Get(Slices + "?limit=2") with { Name = "page1" },
        Get(Slices + "?limit=2&continue={continue:page1}") with { Name = "page2" },
        Get(Slices + "?limit=2&continue={continue:page2}"),
        Get(Slices + "?continue={continue:page1}"),
        Get(Slices + "?limit=2&continue={continue:page1}&resourceVersion={rv:p1}"),
        Get(Slices + "?limit=2&continue={continue:page1}&resourceVersion=0"),
        Get(Slices + "?limit=2&continue={continue:page1}&resourceVersionMatch=Exact"),
        Get(Slices + "?limit=2&continue=garbage") with { AnyMessage = true },
        Get(Slices + "?limit=5"),
        Get(Slices + "?limit=0"),
        Get(Slices + "?limit=-1"),
        Get(Slices + "?limit=abc"),
        Get(Slices + "?limit=2&resourceVersion=0"),

        Post(Slices, Slice("p21")),
        Delete(Slices + "/p3"),
        Get(Slices + "?limit=2&continue={continue:page1}"),
        Get(Slices),
        Get(Slices + "?resourceVersion={rv:p2}"),
        Get(Slices + "?resourceVersion={rv:p2}&limit=1"),
        Get(Slices + "?resourceVersion={rv:p2}&resourceVersionMatch=NotOlderThan"),
        Get(Slices + "?resourceVersion={rv:p2}&resourceVersionMatch=NotOlderThan&limit=1"),
        Get(Slices + "?resourceVersion={rv:p2}&resourceVersionMatch=Exact"),
        Get(Slices + "?resourceVersion={rv:p5}&resourceVersionMatch=Exact&limit=2") with { Name = "exact1" },
        Get(Slices + "?limit=9&continue={continue:exact1}"),
        Get(Slices + "?resourceVersion=0"),
        Get(Slices + "?resourceVersion=0&resourceVersionMatch=NotOlderThan&limit=1"),
        Get(Slices + "?resourceVersion=0&resourceVersionMatch=Exact"),
        Get(Slices + "?resourceVersionMatch=Exact"),
        Get(Slices + "?resourceVersionMatch=NotOlderThan"),
        Get(Slices + "?resourceVersionMatch=Foo"),
        Get(Slices + "?resourceVersionMatch=Foo&resourceVersion=1"),
        Get(Slices + "?resourceVersion=abc"),
        Get(Slices + "?resourceVersion=99999999"),
        Get(Slices + "?resourceVersion=99999999&resourceVersionMatch=Exact"),
        Get(Slices + "?sendInitialEvents=true"),
        Get(Slices + "?timeoutSeconds=abc"),
        Get(Slices + "?watch=false&limit=1"),
        Get(Slices + "?watch=0&limit=1"),
        Get(Slices + "?labelSelector=n&limit=2"),
        Get(Slices + "?labelSelector=n+in+(1,2)&limit=2"),
        Get(Slices + "?labelSelector=n+in+(4,5)&limit=2"),
        Get(Slices + "?fieldSelector=metadata.name!%3Dp1&limit=1"),
        Get(Slices + "?fieldSelector=metadata.name%3Dp1&limit=1"),
        Get("apis/discovery.k8s.io/v1/endpointslices?fieldSelector=metadata.namespace%3D{ns}"),
        Get("api/v1/namespaces/nowhere/pods"),

        Get(Slices + "?limit=2") with { Accept = Table },
        Get(Slices + "/p1") with { Accept = Table },
        Get(Slices + "/p1?includeObject=None") with { Accept = Table },
        Get(Slices + "/p1?includeObject=Object") with { Accept = Table },
        Get(Slices + "/missing") with { Accept = Table },
        Get(Slices + "/p1") with { Accept = "text/html", AnyMessage = true },
        Get(Slices + "/p1") with { Accept = "application/json;as=Unknown;v=v1;g=meta.k8s.io", AnyMessage = true },
        Get(Slices + "/p1") with { Accept = "application/json;as=Unknown;v=v1;g=meta.k8s.io,application/json" },

        // KEP-5958, alpha in 1.37: a server without it ignores the parameter.
        Get(Slices + "?limit=2") with { Accept = "application/json;drop=metadata.managedFields" },
        Get(Slices + "/p1") with { Accept = "application/json; drop=metadata.managedFields" },
        Get(Slices + "/p1") with { Accept = "application/json;drop=metadata.managedFields+spec,application/json" },
        Get(Slices + "/p1") with { Accept = "*/*" },
        Get(Slices + "/p1") with { Accept = "application/*", AnyMessage = true },
    ];
}
