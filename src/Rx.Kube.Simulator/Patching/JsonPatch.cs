using System.Globalization;
using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Patching;

/// <summary>JSON Patch (RFC 6902).</summary>
internal static class JsonPatch
{
    internal static JsonObject Apply(JsonObject target, JsonArray operations)
    {
        // Under an extra root, so that the whole document has a parent as well.
        var root = new JsonObject { ["x"] = target.DeepClone() };
        foreach (var operation in operations)
        {
            if (operation is not JsonObject o || Text(o["op"]) is not { } name || Text(o["path"]) is not { } path) throw Fail();
            switch (name)
            {
                case "add":
                    Add(root, path, Value(o));
                    break;
                case "remove":
                    Remove(root, path);
                    break;
                case "replace":
                    Remove(root, path);
                    Add(root, path, Value(o));
                    break;
                case "move":
                    Add(root, path, Remove(root, From(o)));
                    break;
                case "copy":
                    Add(root, path, Get(root, From(o))?.DeepClone());
                    break;
                case "test":
                    if (!JsonNode.DeepEquals(Get(root, path), o["value"])) throw Fail();
                    break;
                default:
                    throw Fail();
            }
        }
        return root["x"] as JsonObject ?? throw Fail();
    }

    private static ApiStatusException Fail() => new(422, "Invalid", "the server rejected our request due to an error in our request", []);

    private static string? Text(JsonNode? node) => node is JsonValue v && v.TryGetValue(out string? text) ? text : null;

    private static string From(JsonObject operation) => Text(operation["from"]) ?? throw Fail();

    private static JsonNode? Value(JsonObject operation) =>
        operation.TryGetPropertyValue("value", out var value) ? value?.DeepClone() : throw Fail();

    private static (JsonNode Parent, string Last) Locate(JsonNode root, string path)
    {
        if (path.Length == 0) return (root, "x");
        if (path[0] != '/') throw Fail();
        var parts = path[1..].Split('/')
            .Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
        var node = root["x"];
        foreach (var part in parts[..^1])
        {
            node = node switch
            {
                JsonObject o => o[part],
                JsonArray a => a[Index(a, part, a.Count - 1)],
                _ => null,
            };
        }
        return (node ?? throw Fail(), parts[^1]);
    }

    private static JsonNode? Get(JsonNode root, string path) => Locate(root, path) switch
    {
        (JsonObject o, var name) => o.TryGetPropertyValue(name, out var value) ? value : throw Fail(),
        (JsonArray a, var name) => a[Index(a, name, a.Count - 1)],
        _ => throw Fail(),
    };

    private static void Add(JsonNode root, string path, JsonNode? value)
    {
        switch (Locate(root, path))
        {
            case (JsonObject o, var name):
                o.Remove(name);
                o[name] = value;
                break;
            case (JsonArray a, "-"):
                a.Add(value);
                break;
            case (JsonArray a, var name):
                a.Insert(Index(a, name, a.Count), value);
                break;
            default:
                throw Fail();
        }
    }

    private static JsonNode? Remove(JsonNode root, string path)
    {
        switch (Locate(root, path))
        {
            case (JsonObject o, var name) when o.TryGetPropertyValue(name, out var value):
                o.Remove(name);
                return value;
            case (JsonArray a, var name):
                var index = Index(a, name, a.Count - 1);
                var removed = a[index];
                a.RemoveAt(index);
                return removed;
            default:
                throw Fail();
        }
    }

    private static int Index(JsonArray array, string text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= max ? index : throw Fail();
}
