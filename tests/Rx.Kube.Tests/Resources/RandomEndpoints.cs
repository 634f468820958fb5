using System.Text.Json.Nodes;

namespace Rx.Kube.Tests.Resources;

/// <summary>The JSON of a random Endpoints object.</summary>
internal sealed class RandomEndpoints(Random random) : RandomJson(random)
{
    public JsonObject Next()
    {
        var endpoints = Fields(
            ("kind", () => Random.Next(3) == 0 ? null : "Endpoints"),
            ("apiVersion", () => "v1"),
            ("subsets", () => Many(Subset)),
            ("unknown", Anything));
        var metadata = Fields(("namespace", Text), ("uid", Text), ("resourceVersion", Text), ("annotations", Annotations), ("x", Anything));
        metadata.Insert(Random.Next(metadata.Count + 1), "name", "cache");
        endpoints.Insert(Random.Next(endpoints.Count + 1), "metadata", metadata);
        return endpoints;
    }

    private JsonObject Annotations() => Fields(
        ("endpoints.kubernetes.io/over-capacity", () => Random.Next(2) == 0 ? "truncated" : Anything()), ("x", Anything));

    private JsonNode? Subset() => Random.Next(9) == 0 ? null : Fields(
        ("addresses", () => Many(Address)), ("notReadyAddresses", () => Many(Address)), ("ports", () => Many(Port)), ("x", Anything));

    private JsonNode? Address() => Random.Next(9) == 0 ? null : Fields(
        ("ip", Text),
        ("hostname", Text),
        ("nodeName", Text),
        ("targetRef", () => Fields(("kind", Text), ("namespace", Text), ("name", Text), ("uid", Text), ("x", Anything))),
        ("x", Anything));

    private JsonNode? Port() => Random.Next(9) == 0 ? null : Fields(
        ("name", Text), ("port", () => Random.Next(70_000) - 1000), ("protocol", () => "UDP"), ("appProtocol", Text));
}
