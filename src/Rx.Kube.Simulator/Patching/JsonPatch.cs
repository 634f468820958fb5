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
    // Under an extra root, so that the whole document has a parent as well.
    private readonly JsonObject _root;
    private readonly SimulatorOptions _options;
    private long _copied;
    private long _nodes;
    private long _steps;

    private JsonPatch(JsonObject target, SimulatorOptions options) =>
        (_root, _options) = (new() { ["x"] = target.DeepClone() }, options);

    internal static JsonObject Apply(JsonObject target, JsonArray operations, SimulatorOptions options)
    {
        if (operations.Count > options.MaxPatchOperations)
        {
            throw Errors.TooLarge(
                $"The allowed maximum operations in a JSON patch is {options.MaxPatchOperations}, got {operations.Count}");
        }
        var patch = new JsonPatch(target, options);
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
        if (_copied > _options.MaxPatchCopyBytes)
        {
            throw Fail(
                "Unable to complete the copy, the accumulated size increase of copy is " +
                $"{_copied}, exceeding the limit {_options.MaxPatchCopyBytes}");
        }
        if (_nodes > _options.MaxBodyValues)
            throw Fail($"Unable to complete the copy, it copies more than {_options.MaxBodyValues} values");
        return value?.DeepClone();
    }

    private void Spend(long steps)
    {
        _steps += steps;
        if (_steps > _options.MaxPatchSteps)
            throw Fail($"The patch needs more than {_options.MaxPatchSteps} steps. To fix: send the whole object instead.");
    }

    private (JsonNode Parent, string Last, int Level) Locate(string path)
    {
        if (path.Length == 0) return (_root, "x", 0);
        if (path[0] != '/') throw Fail();
        var parts = path[1..].Split('/');
        if (parts.Length > _options.MaxBodyDepth) throw Fail($"The path of a patch has more than {_options.MaxBodyDepth} levels");
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
        if (level + weight.Levels > _options.MaxBodyDepth)
            throw Fail($"The patched object would have more than {_options.MaxBodyDepth} levels");
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
