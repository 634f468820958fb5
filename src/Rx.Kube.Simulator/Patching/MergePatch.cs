using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Patching;

/// <summary>JSON Merge Patch (RFC 7396). The time is proportional to the sizes of both.</summary>
internal static class MergePatch
{
    internal static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes) return patch?.DeepClone();
        var before = target as JsonObject ?? [];
        var result = new JsonObject();
        foreach (var (field, value) in before)
        {
            if (!changes.TryGetPropertyValue(field, out var change)) result[field] = value?.DeepClone();
            else if (change is not null) result[field] = Apply(value, change);
        }
        foreach (var (field, change) in changes)
        {
            if (change is not null && !before.ContainsKey(field)) result[field] = Apply(null, change);
        }
        return result;
    }
}
