namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>What the scripts send.</summary>
internal static class Bodies
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

    /// <summary>Five slices p1 to p5 with labels n=1 to n=5, named by those names as steps.</summary>
    internal static IEnumerable<Step> FiveSlices =>
        Enumerable.Range(1, 5).Select(i => Step.Post(Slices, Slice($"p{i}", $"\"n\": \"{i}\"")) with { Name = $"p{i}" });
}
