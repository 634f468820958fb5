using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Patching;

/// <summary>
/// Strategic merge: like a merge patch, but some lists are merged by a key. It knows the lists of the served kinds that clients
/// patch; every other list is replaced, which is also the rule for EndpointSlices and Endpoints.
/// </summary>
internal static class StrategicPatch
{
    private const string Directive = "$patch";
    private const string Order = "$setElementOrder/";
    private const string DeletedValues = "$deleteFromPrimitiveList/";

    // By the field that contains the list. Ports at the top level of an EndpointSlice are replaced; ports in a spec are merged.
    private static readonly Dictionary<string, string> KeyOf = new(StringComparer.Ordinal)
    {
        ["metadata/ownerReferences"] = "uid",
        ["spec/containers"] = "name",
        ["spec/initContainers"] = "name",
        ["spec/volumes"] = "name",
        ["spec/imagePullSecrets"] = "name",
        ["spec/ports"] = "port",
        ["containers/ports"] = "containerPort",
        ["containers/env"] = "name",
        ["containers/volumeMounts"] = "mountPath",
        ["status/conditions"] = "type",
        ["status/addresses"] = "type",
    };

    internal static JsonObject Apply(JsonObject target, JsonObject patch) => Merge(target, patch, "");

    private static JsonObject Merge(JsonObject target, JsonObject patch, string field)
    {
        if (DirectiveOf(patch) == "replace") return Cleaned(patch);
        var result = new JsonObject();
        foreach (var (name, old) in target)
        {
            if (!patch.TryGetPropertyValue(name, out var change) || IsDirective(name)) result[name] = old?.DeepClone();
            else if (Value(old, change, field, name) is { } merged) result[name] = merged;
        }
        foreach (var (name, change) in patch)
        {
            if (name.StartsWith(DeletedValues, StringComparison.Ordinal))
                Without(result, name[DeletedValues.Length..], change as JsonArray ?? []);
            else if (name == Directive || name.StartsWith(Order, StringComparison.Ordinal) || target.ContainsKey(name)) continue;
            else if (IsDirective(name)) throw Errors.BadRequest($"the directive {name} of strategic merge patches is not simulated");
            else if (Value(null, change, field, name) is { } added) result[name] = added;
        }
        return result;
    }

    private static bool IsDirective(string name) => name.StartsWith('$');

    private static string? DirectiveOf(JsonObject patch) => patch[Directive] switch
    {
        null => null,
        JsonValue v when v.TryGetValue(out string? text) => text,
        _ => throw Errors.BadRequest("error decoding patch: the directive $patch must be a string"),
    };

    private static JsonNode? Value(JsonNode? old, JsonNode? change, string parent, string name)
    {
        switch (change)
        {
            case JsonObject o when DirectiveOf(o) == "delete":
                return null;
            case JsonObject o:
                return Merge(old as JsonObject ?? [], o, name);
            case JsonArray list when $"{parent}/{name}" == "metadata/finalizers":
                return new JsonArray([.. Texts(list).Concat(Texts(old)).Distinct().Select(t => (JsonNode)t)]);
            case JsonArray list when KeyOf.TryGetValue($"{parent}/{name}", out var key):
                return MergeLists(old as JsonArray ?? [], list, name, key);
            default:
                return change?.DeepClone();
        }
    }

    private static JsonArray MergeLists(JsonArray old, JsonArray changes, string field, string key)
    {
        // By key, and a place that is null for a deleted item: the time is proportional to the sizes of both lists.
        var result = new List<JsonNode?>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var merged = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in old)
        {
            places.TryAdd(Identity((item as JsonObject)?[key]), result.Count);
            result.Add(item?.DeepClone());
        }
        foreach (var change in changes)
        {
            if (change is not JsonObject item) throw Errors.BadRequest($"error decoding patch: {field} must contain objects");
            var identity = Identity(item[key]);
            // Merging copies the item, so that one for many changes would take quadratic time.
            if (!merged.Add(identity)) throw Errors.BadRequest($"error decoding patch: {field} has two changes of one item");
            var there = places.TryGetValue(identity, out var place);
            switch (DirectiveOf(item))
            {
                case "delete":
                    if (there) result[place] = null;
                    places.Remove(identity);
                    break;
                case "replace":
                    return new([.. changes.OfType<JsonObject>().Where(c => c[key] is not null).Select(Cleaned)]);
                default:
                    if (there) result[place] = Merge(result[place] as JsonObject ?? [], item, field);
                    else
                    {
                        places[identity] = result.Count;
                        result.Add(Merge([], item, field));
                    }
                    break;
            }
        }
        return new([.. result.Where(item => item is not null)]);
    }

    private static string Identity(JsonNode? value) => value?.ToJsonString() ?? "null";

    private static JsonObject Cleaned(JsonObject patch)
    {
        var result = patch.DeepClone().AsObject();
        result.Remove(Directive);
        return result;
    }

    private static void Without(JsonObject target, string field, JsonArray values)
    {
        if (target[field] is not JsonArray list) return;
        var deleted = values.Select(Identity).ToHashSet(StringComparer.Ordinal);
        target[field] = new JsonArray([.. list.Where(v => !deleted.Contains(Identity(v))).Select(v => v?.DeepClone())]);
    }

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(
        t => t is JsonValue v && v.TryGetValue(out string? text) ? text : "");
}
