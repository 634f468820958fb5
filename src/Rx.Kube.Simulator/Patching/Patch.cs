using System.Text.Json;
using System.Text.Json.Nodes;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Patching;

/// <summary>A patch in one of the three supported forms.</summary>
internal sealed class Patch
{
    internal const string JsonType = "application/json-patch+json";
    internal const string MergeType = "application/merge-patch+json";
    internal const string StrategicType = "application/strategic-merge-patch+json";

    private readonly Func<JsonObject, JsonObject> _apply;

    private Patch(Func<JsonObject, JsonObject> apply) => _apply = apply;

    internal static Patch Parse(string mediaType, ReadOnlySpan<byte> body, SimulatorOptions options)
    {
        if (mediaType is not (JsonType or MergeType or StrategicType))
            throw Errors.UnsupportedMedia("415: Unsupported Media Type", []);
        JsonNode? node;
        try
        {
            node = Json.Parse(body, options);
        }
        catch (JsonException e)
        {
            throw Errors.BadRequest($"error decoding patch: {e.Message}");
        }
        if (mediaType == JsonType)
        {
            var operations = node as JsonArray
                ?? throw Errors.BadRequest(
                    "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp");
            return new(o => JsonPatch.Apply(o, operations, options));
        }
        var changes = node as JsonObject ?? throw Errors.BadRequest("error decoding patch: not an object");
        return mediaType == MergeType
            ? new(o => MergePatch.Apply(o, changes)!.AsObject())
            : new(o => StrategicPatch.Apply(o, changes));
    }

    internal JsonObject Apply(StoredObject o) => _apply(o.ToJson());
}
