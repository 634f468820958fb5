using static Rx.Kube.RealServer.Tests.Differential.RequestBodies;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>Requests with valid and invalid label and field selectors.</summary>
internal static class SelectorSteps
{
    private static readonly string[] _labels =
    [
        "n=1", "n==1", "n!=1", "n", "!n", "n in (1,2)", "n in (1, 2 )", "n notin (1,2),n!=3", "n in ()", "n in (,1)", "n=",
        "n>3", "n<3", "n=1,n=2", " n = 1 ", "a/b=c", "kubernetes.io/service-name", "in", "in in (in)", "n in (1,2", "n===1", "n=a b",
        "n,", ",", "n>", "n>a", "n in 1", "!", "n x", "n=(1)", "", "n!=", "n notin ()",
    ];

    private static readonly string[] _badNames = ["@@", "-a=b", "n=-", "A/b=c", "/b=c"];

    private static readonly string[] _fields =
    [
        "metadata.name=p1", "metadata.name==p1", "metadata.name!=p1", "metadata.name=p1,metadata.name!=p2", "metadata.namespace={ns}",
        "metadata.namespace!={ns}", "foo=p1", "bad", "", "metadata.name=", "metadata.name=p1,", "metadata.name=p\\,1",
        "metadata.name=p1,metadata.namespace=other",
    ];

    internal static IReadOnlyList<Step> All { get; } =
    [
        .. FiveSlices,
        Step.Post(Slices, Slice("service", "\"kubernetes.io/service-name\": \"cache\", \"in\": \"in\"")),
        .. _labels.Select(s => Step.Get($"{Slices}?labelSelector={Uri.EscapeDataString(s)}")),
        .. _badNames.Select(s => Step.Get($"{Slices}?labelSelector={Uri.EscapeDataString(s)}") with { AnyMessage = true }),
        .. _fields.Select(s => Step.Get(
            $"{Slices}?fieldSelector={Uri.EscapeDataString(s).Replace("%7Bns%7D", "{ns}", StringComparison.Ordinal)}")),
        Step.Get("api/v1/pods?fieldSelector=spec.nodeName%3Da"),
        Step.Get("api/v1/nodes?fieldSelector=metadata.namespace%3Da"),
    ];
}
