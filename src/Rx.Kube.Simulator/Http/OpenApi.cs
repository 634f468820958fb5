using System.Text.Json.Nodes;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>
/// The part of OpenAPI v3 from which kubectl learns that the server validates fields itself. It has no schemas.
/// </summary>
internal static class OpenApi
{
    private const string Root = "/openapi/v3";

    internal static JsonObject? Document(string path, ResourceTypes served)
    {
        if (path == Root) return Index(served);
        if (!path.StartsWith(Root + "/", StringComparison.Ordinal)) return null;
        var prefix = path[Root.Length..];
        var types = served.All.Where(t => PrefixOf(t) == prefix).ToArray();
        return types.Length == 0 ? null : Paths(types);
    }

    private static string PrefixOf(ResourceType type) => type.Group.Length == 0 ? $"/api/{type.ApiVersion}" : $"/apis/{type.ApiVersion}";

    private static JsonObject Index(ResourceTypes served) => new()
    {
        ["paths"] = new JsonObject(served.All.Select(PrefixOf).Distinct().Select(p => KeyValuePair.Create(
            p[1..], (JsonNode?)new JsonObject { ["serverRelativeURL"] = $"{Root}{p}?hash=simulator" }))),
    };

    private static JsonObject Paths(ResourceType[] types) => new()
    {
        ["openapi"] = "3.0.0",
        ["info"] = new JsonObject { ["title"] = "Rx.Kube.Simulator", ["version"] = "v1" },
        ["paths"] = new JsonObject(types.Select(t => KeyValuePair.Create(
            $"{PrefixOf(t)}/{(t.Namespaced ? "namespaces/{namespace}/" : "")}{t.Plural}/{{name}}",
            (JsonNode?)new JsonObject { ["patch"] = Patch(t) }))),
    };

    private static JsonObject Patch(ResourceType type) => new()
    {
        ["parameters"] = new JsonArray(new JsonObject
        {
            ["name"] = "fieldValidation",
            ["in"] = "query",
            ["schema"] = new JsonObject { ["type"] = "string" },
        }),
        ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
        ["x-kubernetes-action"] = "patch",
        ["x-kubernetes-group-version-kind"] = new JsonObject
        {
            ["group"] = type.Group,
            ["version"] = type.ServedVersion,
            ["kind"] = type.Kind,
        },
    };
}
