using System.Globalization;
using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Patching;

/// <summary>
/// JSON Patch (RFC 6902). A few operations can double an object again and again, so the bytes of all copies are limited, and so are the
/// operations, as in apiserver (pkg/endpoints/handlers/patch.go and json-patch's AccumulatedCopySizeLimit); and the work, since the store
/// is locked meanwhile.
/// </summary>
internal sealed class JsonPatch
{
    internal const int MaxOperations = 10_000;
    internal const int MaxCopyBytes = 3 * 1024 * 1024;

    /// <summary>The values that all operations together may visit or shift.</summary>
    internal const int MaxSteps = 20_000_000;

    // Under an extra root, so that the whole document has a parent as well.
    private readonly JsonObject _root;
    private long _copied;
    private long _nodes;
    private long _steps;

    private JsonPatch(JsonObject target) => _root = new() { ["x"] = target.DeepClone() };

    internal static JsonObject Apply(JsonObject target, JsonArray operations)
    {
        if (operations.Count > MaxOperations)
            throw Errors.TooLarge($"The allowed maximum operations in a JSON patch is {MaxOperations}, got {operations.Count}");
        var patch = new JsonPatch(target);
        foreach (var operation in operations) patch.Apply(operation);
        return patch._root["x"] as JsonObject ?? throw Fail();
    }

    private void Apply(JsonNode? operation)
    {
        if (operation is not JsonObject o || Text(o["op"]) is not { } name || Text(o["path"]) is not { } path) throw Fail();
        switch (name)
        {
            case "add":
                Add(path, Value(o));
                break;
            case "remove":
                Remove(path);
                break;
            case "replace":
                Remove(path);
                Add(path, Value(o));
                break;
            case "move":
                Add(path, Remove(From(o)));
                break;
            case "copy":
                Add(path, Copy(Get(From(o))));
                break;
            case "test":
                if (!JsonNode.DeepEquals(Get(path), o["value"])) throw Fail();
                break;
            default:
                throw Fail();
        }
    }

    private static ApiStatusException Fail(string message = "the server rejected our request due to an error in our request") =>
        new(422, "Invalid", message, []);

    private static string? Text(JsonNode? node) => node is JsonValue v && v.TryGetValue(out string? text) ? text : null;

    private static string From(JsonObject operation) => Text(operation["from"]) ?? throw Fail();

    private static JsonNode? Value(JsonObject operation) =>
        operation.TryGetPropertyValue("value", out var value) ? value?.DeepClone() : throw Fail();

    private JsonNode? Copy(JsonNode? value)
    {
        var weight = JsonWeight.Of(value);
        _copied += weight.Bytes;
        _nodes += weight.Nodes;
        if (_copied > MaxCopyBytes)
        {
            throw Fail(
                "Unable to complete the copy, the accumulated size increase of copy is " +
                $"{_copied}, exceeding the limit {MaxCopyBytes}");
        }
        if (_nodes > Json.MaxNodes) throw Fail($"Unable to complete the copy, it copies more than {Json.MaxNodes} values");
        return value?.DeepClone();
    }

    private void Spend(long steps)
    {
        _steps += steps;
        if (_steps > MaxSteps) throw Fail($"The patch needs more than {MaxSteps} steps. To fix: send the whole object instead.");
    }

    private (JsonNode Parent, string Last, int Level) Locate(string path)
    {
        if (path.Length == 0) return (_root, "x", 0);
        if (path[0] != '/') throw Fail();
        var parts = path[1..].Split('/');
        if (parts.Length > Json.MaxDepth) throw Fail($"The path of a patch has more than {Json.MaxDepth} levels");
        for (var i = 0; i < parts.Length; i++)
            parts[i] = parts[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        var node = _root["x"];
        foreach (var part in parts.AsSpan(..^1))
        {
            node = node switch
            {
                JsonObject o => o[part],
                JsonArray a => a[Index(a, part, a.Count - 1)],
                _ => null,
            };
        }
        return (node ?? throw Fail(), parts[^1], parts.Length);
    }

    private JsonNode? Get(string path) => Locate(path) switch
    {
        (JsonObject o, var name, _) => o.TryGetPropertyValue(name, out var value) ? value : throw Fail(),
        (JsonArray a, var name, _) => a[Index(a, name, a.Count - 1)],
        _ => throw Fail(),
    };

    private void Add(string path, JsonNode? value)
    {
        var (parent, name, level) = Locate(path);
        var weight = JsonWeight.Of(value);
        if (level + weight.Levels > Json.MaxDepth) throw Fail($"The patched object would have more than {Json.MaxDepth} levels");
        Spend(weight.Nodes);
        switch (parent)
        {
            case JsonObject o:
                o[name] = value;
                break;
            case JsonArray a when name == "-":
                a.Add(value);
                break;
            case JsonArray a:
                Spend(a.Count);
                a.Insert(Index(a, name, a.Count), value);
                break;
            default:
                throw Fail();
        }
    }

    private JsonNode? Remove(string path)
    {
        switch (Locate(path))
        {
            case (JsonObject o, var name, _) when o.TryGetPropertyValue(name, out var value):
                Spend(o.Count);
                o.Remove(name);
                return value;
            case (JsonArray a, var name, _):
                var index = Index(a, name, a.Count - 1);
                var removed = a[index];
                Spend(a.Count);
                a.RemoveAt(index);
                return removed;
            default:
                throw Fail();
        }
    }

    private static int Index(JsonArray array, string text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= max ? index : throw Fail();
}
