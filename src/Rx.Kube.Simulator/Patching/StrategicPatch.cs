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
        if ((string?)patch[Directive] == "replace") return Cleaned(patch);
        var result = target.DeepClone().AsObject();
        foreach (var (name, change) in patch)
        {
            if (name == Directive || name.StartsWith(Order, StringComparison.Ordinal)) continue;
            if (name.StartsWith(DeletedValues, StringComparison.Ordinal))
            {
                Without(result, name[DeletedValues.Length..], change as JsonArray ?? []);
                continue;
            }
            if (name.StartsWith('$')) throw Errors.BadRequest($"the directive {name} of strategic merge patches is not simulated");
            var merged = Value(result[name], change, field, name);
            result.Remove(name);
            if (merged is not null) result[name] = merged;
        }
        return result;
    }

    private static JsonNode? Value(JsonNode? old, JsonNode? change, string parent, string name)
    {
        switch (change)
        {
            case JsonObject o when (string?)o[Directive] == "delete":
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
        var result = old.DeepClone().AsArray();
        foreach (var change in changes)
        {
            if (change is not JsonObject item) throw Errors.BadRequest($"error decoding patch: {field} must contain objects");
            var index = 0;
            while (index < result.Count && !JsonNode.DeepEquals(result[index]?[key], item[key])) index++;
            var there = index < result.Count;
            switch ((string?)item[Directive])
            {
                case "delete":
                    if (there) result.RemoveAt(index);
                    break;
                case "replace":
                    return new([.. changes.OfType<JsonObject>().Where(c => c[key] is not null).Select(Cleaned)]);
                default:
                    if (there) result[index] = Merge(result[index]!.AsObject(), item, field);
                    else result.Add((JsonNode)Merge([], item, field));
                    break;
            }
        }
        return result;
    }

    private static JsonObject Cleaned(JsonObject patch)
    {
        var result = patch.DeepClone().AsObject();
        result.Remove(Directive);
        return result;
    }

    private static void Without(JsonObject target, string field, JsonArray values)
    {
        if (target[field] is not JsonArray list) return;
        for (var i = list.Count - 1; i >= 0; i--)
        {
            if (values.Any(v => JsonNode.DeepEquals(v, list[i]))) list.RemoveAt(i);
        }
    }

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(t => (string?)t ?? "");
}
