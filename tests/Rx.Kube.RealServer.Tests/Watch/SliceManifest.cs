namespace Rx.Kube.RealServer.Tests.Watch;

/// <summary>Creates EndpointSlices and patches for kubectl. They include all defaults, because the built server sets none.</summary>
public static class SliceManifest
{
    public static string Of(string name, string service, params int[] pods) =>
        $$$"""
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice",
         "metadata":{"name":"{{{name}}}","labels":{"kubernetes.io/service-name":"{{{service}}}"}},
         "addressType":"IPv4","ports":[{"name":"http","port":8080,"protocol":"TCP"}],
         "endpoints":{{{Endpoints(name, pods)}}}}
        """;

    /// <summary>Creates a merge patch that replaces the endpoints of a slice.</summary>
    public static string Patch(string name, params int[] pods) => $$"""{"endpoints":{{Endpoints(name, pods)}}}""";

    /// <summary>Addresses are unique: 10.slice.pod.</summary>
    private static string Endpoints(string name, int[] pods) => "[" + string.Join(',', pods.Select(pod =>
        $$$"""
        {"addresses":["10.{{{name[^1] - 'a' + 1}}}.{{{pod / 250}}}.{{{pod % 250 + 1}}}"],
         "conditions":{"ready":{{{(pod % 3 == 0 ? "false" : "true")}}},"serving":true,"terminating":false},
         "zone":"z{{{pod % 2}}}","nodeName":"n{{{pod % 4}}}",
         "targetRef":{"kind":"Pod","name":"{{{name}}}-{{{pod}}}","uid":"{{{name}}}-uid-{{{pod}}}"}}
        """)) + "]";
}
