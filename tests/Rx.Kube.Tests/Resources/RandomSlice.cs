using System.Text.Json.Nodes;

namespace Rx.Kube.Tests.Resources;

/// <summary>The JSON of a random EndpointSlice: fields missing, null, unknown and in any order. Determined by the random numbers alone.</summary>
internal sealed class RandomSlice(Random random)
{
    private static readonly string[] Texts = ["", "a", "cache-0", "10.0.0.1", "fd00::1", "ü", "日本", "a\"b\\c\n", "\u001b[2J", new string('x', 200)];

    public JsonObject Next()
    {
        var slice = Fields(
            ("kind", () => random.Next(3) == 0 ? null : "EndpointSlice"),
            ("apiVersion", () => "discovery.k8s.io/v1"),
            ("addressType", Text),
            ("endpoints", () => Many(Endpoint)),
            ("ports", () => Many(Port)),
            ("unknown", Anything));
        slice.Insert(random.Next(slice.Count + 1), "metadata", Metadata());
        return slice;
    }

    private JsonObject Metadata()
    {
        var metadata = Fields(
            ("namespace", Text),
            ("uid", Text),
            ("resourceVersion", Text),
            ("labels", () => new JsonObject(Enumerable.Range(0, random.Next(5)).Select(i => KeyValuePair.Create($"l{i}", Text())))),
            ("annotations", () => new JsonObject(
                [KeyValuePair.Create<string, JsonNode?>("endpoints.kubernetes.io/last-change-trigger-time", "2026-01-02T03:04:05Z")])),
            ("managedFields", Anything));
        metadata.Insert(random.Next(metadata.Count + 1), "name", "slice-1");
        return metadata;
    }

    private JsonObject Endpoint() => Fields(
        ("addresses", () => Many(Text)),
        ("conditions", () => Fields(("ready", Flag), ("serving", Flag), ("terminating", Flag), ("x", Anything))),
        ("hostname", Text),
        ("nodeName", Text),
        ("zone", Text),
        ("targetRef", () => Fields(("kind", Text), ("namespace", Text), ("name", Text), ("uid", Text), ("x", Anything))),
        ("hints", () => Fields(("forZones", () => Many(Name)), ("forNodes", () => Many(Name)))),
        ("deprecatedTopology", Anything));

    private JsonObject Port() => Fields(
        ("name", Text), ("port", () => random.Next(70_000) - 1000), ("protocol", () => "UDP"), ("appProtocol", Text));

    private JsonObject Name() => Fields(("name", Text), ("x", Anything));

    private JsonNode? Text() => random.Next(9) == 0 ? null : random.GetItems(Texts, 1)[0];

    private JsonNode? Flag() => random.Next(3) == 0 ? null : random.Next(2) == 0;

    private JsonArray Many(Func<JsonNode?> item) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => item())];

    private JsonNode? Anything() => random.Next(5) switch
    {
        0 => Fields(("name", Text), ("endpoints", Anything)),
        1 => Many(Anything),
        2 => 1.5e300,
        3 => Flag(),
        _ => Text(),
    };

    private JsonObject Fields(params (string Name, Func<JsonNode?> Value)[] fields)
    {
        random.Shuffle(fields);
        var some = fields.Where(_ => random.Next(4) > 0).Select(f => KeyValuePair.Create(f.Name, random.Next(12) == 0 ? null : f.Value()));
        return new JsonObject([.. some]);
    }
}
