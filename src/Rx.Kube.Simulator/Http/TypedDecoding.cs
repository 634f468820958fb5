using System.Text.Json;
using System.Text.Json.Nodes;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>The part of typed decoding that clients notice: kind, metadata and the types of the top-level fields.</summary>
internal static class TypedDecoding
{
    private static readonly string[] MetadataTexts = ["name", "generateName", "namespace", "uid", "resourceVersion", "creationTimestamp"];

    private static readonly string[] Maps = ["labels", "annotations"];

    internal static void Check(JsonObject o, ResourceType type)
    {
        var apiVersion = Text(o, "apiVersion", "TypeMeta.apiVersion", type) ?? type.ApiVersion;
        var kind = Text(o, "kind", "TypeMeta.kind", type) ?? type.Kind;
        if (kind != type.Kind || apiVersion != type.ApiVersion)
        {
            var version = apiVersion[(apiVersion.LastIndexOf('/') + 1)..];
            throw Errors.BadRequest(
                $"{kind} in version \"{version}\" cannot be handled as a {type.Kind}: "
                + (Array.Exists(ResourceType.BuiltIn, t => t.Kind == kind && t.ApiVersion == apiVersion)
                    ? $"converting (v1.{kind}) to (v1.{type.Kind}): unknown conversion"
                    : $"no kind \"{kind}\" is registered for version \"{apiVersion}\""));
        }
        foreach (var (field, value) in o)
        {
            if (value is null) continue;
            var wanted = (field, type.Plural) switch
            {
                ("metadata" or "spec" or "status", _) => JsonValueKind.Object,
                ("endpoints" or "ports", "endpointslices") or ("subsets", "endpoints") => JsonValueKind.Array,
                ("addressType", "endpointslices") => JsonValueKind.String,
                _ => value.GetValueKind(),
            };
            if (value.GetValueKind() != wanted) throw Wrong(type, value, $"{type.Kind}.{field}", Name(wanted));
        }
        if (o["metadata"] is JsonObject meta) Metadata(meta, type);
    }

    private static void Metadata(JsonObject meta, ResourceType type)
    {
        foreach (var field in MetadataTexts) Text(meta, field, $"ObjectMeta.metadata.{field}", type);
        foreach (var field in Maps)
        {
            if (meta[field] is null) continue;
            if (meta[field] is not JsonObject map) throw Wrong(type, meta[field]!, $"ObjectMeta.metadata.{field}", "map[string]string");
            foreach (var (key, _) in map) Text(map, key, $"ObjectMeta.metadata.{field}", type);
        }
        foreach (var field in (string[])["finalizers", "ownerReferences"])
        {
            if (meta[field] is not (null or JsonArray)) throw Wrong(type, meta[field]!, $"ObjectMeta.metadata.{field}", "[]string");
        }
    }

    private static string? Text(JsonObject o, string field, string path, ResourceType type)
    {
        if (o[field] is not { } value) return null;
        return value.GetValueKind() == JsonValueKind.String ? (string?)value : throw Wrong(type, value, path, "string");
    }

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static ApiStatusException Wrong(ResourceType type, JsonNode value, string field, string wanted) => Errors.BadRequest(
        $"{type.Kind} in version \"v1\" cannot be handled as a {type.Kind}: json: cannot unmarshal {Name(value.GetValueKind())} "
        + $"into Go struct field {field} of type {wanted}");
}
