using System.Text.Json.Nodes;

namespace Rx.Kube.Tests.Resources;

/// <summary>Random JSON of API objects: fields missing, null, unknown and in any order. Determined by the random numbers alone.</summary>
internal class RandomJson(Random random)
{
    private static readonly string[] Texts =
        ["", "a", "cache-0", "10.0.0.1", "fd00::1", "ü", "日本", "a\"b\\c\n", "\u001b[2J", new string('x', 200)];

    protected Random Random { get; } = random;

    /// <summary>An object of a kind, with metadata in any place.</summary>
    protected JsonObject Object(string kind, string version, params (string Name, Func<JsonNode?> Value)[] fields)
    {
        var result = Fields(
            [("kind", () => Random.Next(3) == 0 ? null : kind), ("apiVersion", () => version), ("unknown", Anything), .. fields]);
        result.Insert(Random.Next(result.Count + 1), "metadata", Metadata());
        return result;
    }

    protected virtual IEnumerable<KeyValuePair<string, JsonNode?>> Labels() =>
        Enumerable.Range(0, Random.Next(5)).Select(i => KeyValuePair.Create($"l{i}", Text()));

    protected JsonArray Conditions() => Many(() => Fields(
        ("type", () => Random.GetItems(["Ready", "Initialized", "ready", ""], 1)[0]),
        ("status", () => Random.GetItems(["True", "False", "Unknown", "true", ""], 1)[0]),
        ("lastTransitionTime", Text),
        ("x", Anything)));

    protected JsonNode? Text() => Random.Next(9) == 0 ? null : Random.GetItems(Texts, 1)[0];

    protected JsonNode? Flag() => Random.Next(3) == 0 ? null : Random.Next(2) == 0;

    protected JsonArray Many(Func<JsonNode?> item) => [.. Enumerable.Range(0, Random.Next(4)).Select(_ => item())];

    protected JsonNode? Anything() => Random.Next(5) switch
    {
        0 => Fields(("name", Text), ("endpoints", Anything)),
        1 => Many(Anything),
        2 => 1.5e300,
        3 => Flag(),
        _ => Text(),
    };

    protected JsonObject Fields(params (string Name, Func<JsonNode?> Value)[] fields)
    {
        Random.Shuffle(fields);
        var some = fields.Where(_ => Random.Next(4) > 0).Select(f => KeyValuePair.Create(f.Name, Random.Next(12) == 0 ? null : f.Value()));
        return new JsonObject([.. some]);
    }

    private JsonObject Metadata()
    {
        var metadata = Fields(
            ("namespace", Text),
            ("uid", Text),
            ("resourceVersion", Text),
            ("deletionTimestamp", () => Random.Next(2) == 0 ? "2026-01-02T03:04:05Z" : "2026-01-02T03:04:05.678+09:00"),
            ("labels", () => new JsonObject(Labels())),
            ("annotations", () => new JsonObject(
                [KeyValuePair.Create<string, JsonNode?>("endpoints.kubernetes.io/last-change-trigger-time", "2026-01-02T03:04:05Z")])),
            ("ownerReferences", () => Many(() => Random.Next(9) == 0 ? null : Owner())),
            ("managedFields", Anything));
        metadata.Insert(Random.Next(metadata.Count + 1), "name", Random.GetItems(["slice-1", "cache-7", "cache-07", "cache-x"], 1)[0]);
        return metadata;
    }

    private JsonObject Owner() => Fields(
        ("kind", () => Random.Next(2) == 0 ? "StatefulSet" : "ReplicaSet"), ("name", () => "cache"), ("uid", Text),
        ("controller", Flag), ("x", Anything));
}
