using System.Text.Json.Nodes;

namespace Rx.Kube.Tests.Resources;

/// <summary>The JSON of a random Endpoints object: fields missing, null, unknown and in any order. Determined by the random numbers alone.</summary>
internal sealed class RandomEndpoints(Random random)
{
    private static readonly string[] Texts = ["", "a", "cache-0", "10.0.0.1", "fd00::1", "ü", "日本", "a\"b\\c\n", "\u001b[2J", "truncated"];

    public JsonObject Next()
    {
        var endpoints = Fields(
            ("kind", () => random.Next(3) == 0 ? null : "Endpoints"),
            ("apiVersion", () => "v1"),
            ("subsets", () => Many(Subset)),
            ("unknown", Anything));
        var metadata = Fields(("namespace", Text), ("uid", Text), ("resourceVersion", Text), ("annotations", Annotations), ("x", Anything));
        metadata.Insert(random.Next(metadata.Count + 1), "name", "cache");
        endpoints.Insert(random.Next(endpoints.Count + 1), "metadata", metadata);
        return endpoints;
    }

    private JsonObject Annotations() => Fields(
        ("endpoints.kubernetes.io/over-capacity", () => random.Next(2) == 0 ? "truncated" : Anything()), ("x", Anything));

    private JsonNode? Subset() => random.Next(9) == 0 ? null : Fields(
        ("addresses", () => Many(Address)), ("notReadyAddresses", () => Many(Address)), ("ports", () => Many(Port)), ("x", Anything));

    private JsonNode? Address() => random.Next(9) == 0 ? null : Fields(
        ("ip", Text),
        ("hostname", Text),
        ("nodeName", Text),
        ("targetRef", () => Fields(("kind", Text), ("namespace", Text), ("name", Text), ("uid", Text), ("x", Anything))),
        ("x", Anything));

    private JsonNode? Port() => random.Next(9) == 0 ? null : Fields(
        ("name", Text), ("port", () => random.Next(70_000) - 1000), ("protocol", () => "UDP"), ("appProtocol", Text));

    private JsonNode? Text() => random.Next(9) == 0 ? null : random.GetItems(Texts, 1)[0];

    private JsonArray Many(Func<JsonNode?> item) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => item())];

    private JsonNode? Anything() => random.Next(5) switch
    {
        0 => Fields(("name", Text), ("subsets", Anything)),
        1 => Many(Anything),
        2 => 1.5e300,
        3 => random.Next(2) == 0,
        _ => Text(),
    };

    private JsonObject Fields(params (string Name, Func<JsonNode?> Value)[] fields)
    {
        random.Shuffle(fields);
        var some = fields.Where(_ => random.Next(4) > 0).Select(f => KeyValuePair.Create(f.Name, random.Next(12) == 0 ? null : f.Value()));
        return new JsonObject([.. some]);
    }
}
