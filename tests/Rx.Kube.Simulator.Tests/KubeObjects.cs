using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Tests;

/// <summary>Objects of Kubernetes as JSON.</summary>
internal static class KubeObjects
{
    internal static JsonObject Slice(string name, params (string Key, string Value)[] labels) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["labels"] = new JsonObject(labels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value))),
        },
        ["addressType"] = "IPv4",
        ["endpoints"] = new JsonArray(new JsonObject { ["addresses"] = new JsonArray("10.0.0.1") }),
    };

    internal static string Name(this JsonNode o) => (string)o["metadata"]!["name"]!;

    internal static string Version(this JsonNode o) => (string)o["metadata"]!["resourceVersion"]!;
}
