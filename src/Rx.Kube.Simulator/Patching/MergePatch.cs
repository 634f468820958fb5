using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Patching;

/// <summary>JSON Merge Patch (RFC 7396).</summary>
internal static class MergePatch
{
    internal static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes) return patch?.DeepClone();
        var result = target is JsonObject o ? o.DeepClone().AsObject() : [];
        foreach (var (field, change) in changes)
        {
            if (change is null)
            {
                result.Remove(field);
                continue;
            }
            var merged = Apply(result[field], change);
            result.Remove(field);
            result[field] = merged;
        }
        return result;
    }
}
