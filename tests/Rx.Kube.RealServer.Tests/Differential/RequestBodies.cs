namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>Creates the paths and bodies of the requests.</summary>
internal static class RequestBodies
{
    internal const string Slices = "apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices";

    internal const string Core = "api/v1/namespaces/{ns}/";

    internal static string Slice(string name, string labels = "", string metadata = "") => $$"""
        {
          "apiVersion": "discovery.k8s.io/v1",
          "kind": "EndpointSlice",
          "metadata": { "name": "{{name}}", "labels": { {{labels}} } {{metadata}} },
          "addressType": "IPv4",
          "endpoints": [{ "addresses": ["10.0.0.1"], "conditions": { "ready": true }, "nodeName": "n1", "zone": null }],
          "ports": [{ "name": "http", "port": 80, "protocol": "TCP" }]
        }
        """;

    /// <summary>Gets steps that create five slices p1 to p5 with labels n=1 to n=5. Each step has the name of its slice.</summary>
    internal static IEnumerable<Step> FiveSlices =>
        Enumerable.Range(1, 5).Select(i => Step.Post(Slices, Slice($"p{i}", $"\"n\": \"{i}\"")) with { Name = $"p{i}" });
}
