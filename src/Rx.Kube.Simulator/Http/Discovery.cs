using System.Text.Json.Nodes;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>The documents that tell clients such as kubectl what is served.</summary>
internal static class Discovery
{
    private static readonly string[] Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    private static readonly string[] Groups = [.. ResourceType.All.Select(t => t.Group).Where(g => g.Length > 0).Distinct()];

    /// <summary>Returns the document at a path, or null.</summary>
    internal static JsonObject? Document(string path, bool aggregated, int port) =>
        path.Length > 1 ? Find(path, aggregated, port) : Paths();

    internal static JsonObject Paths() => new()
    {
        ["paths"] = new JsonArray(
        [
            "/api", $"/api/{ResourceType.Version}", "/apis",
            .. Groups.SelectMany(g => new JsonNode[] { $"/apis/{g}", $"/apis/{g}/{ResourceType.Version}" }),
            "/healthz", "/livez", "/readyz", "/version",
        ]),
    };

    private static JsonObject? Find(string path, bool aggregated, int port) => path switch
    {
        "/api" when aggregated => Aggregated(""),
        "/apis" when aggregated => Aggregated(Groups),
        "/api" => new()
        {
            ["kind"] = "APIVersions",
            ["versions"] = new JsonArray(ResourceType.Version),
            ["serverAddressByClientCIDRs"] = Addresses(port),
        },
        "/apis" => new()
        {
            ["kind"] = "APIGroupList",
            ["groups"] = new JsonArray([.. Groups.Select(g => Group(g, Addresses(port)))]),
        },
        "/version" => VersionOfServer(),
        "/api/v1" => Resources(""),
        _ when path.Split('/') is ["", "apis", var g, .. var rest] && Groups.Contains(g) => rest switch
        {
            [] => Group(g, null),
            [ResourceType.Version] => Resources(g),
            _ => null,
        },
        _ => OpenApi.Document(path),
    };

    private static JsonArray Addresses(int port) => new(new JsonObject
    {
        ["clientCIDR"] = "0.0.0.0/0",
        ["serverAddress"] = $":{port}",
    });

    private static JsonObject Group(string name, JsonArray? addresses)
    {
        JsonObject Version() => new() { ["groupVersion"] = $"{name}/{ResourceType.Version}", ["version"] = ResourceType.Version };
        var group = new JsonObject();
        if (addresses is null) (group["kind"], group["apiVersion"]) = ("APIGroup", "v1");
        group["name"] = name;
        group["versions"] = new JsonArray(Version());
        group["preferredVersion"] = Version();
        if (addresses is not null) group["serverAddressByClientCIDRs"] = addresses;
        return group;
    }

    private static JsonObject Resources(string group)
    {
        var list = new JsonObject { ["kind"] = "APIResourceList" };
        if (group.Length > 0) list["apiVersion"] = "v1";
        list["groupVersion"] = group.Length == 0 ? ResourceType.Version : $"{group}/{ResourceType.Version}";
        list["resources"] = new JsonArray([.. ResourceType.All.Where(t => t.Group == group).Select(t => new JsonObject
        {
            ["name"] = t.Plural,
            ["singularName"] = t.Singular,
            ["namespaced"] = t.Namespaced,
            ["kind"] = t.Kind,
            ["verbs"] = AllVerbs(),
        })]);
        return list;
    }

    private static JsonObject Aggregated(params string[] groups) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = "apidiscovery.k8s.io/v2",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. groups.Select(g => new JsonObject
        {
            ["metadata"] = g.Length == 0 ? [] : new JsonObject { ["name"] = g },
            ["versions"] = new JsonArray(new JsonObject
            {
                ["version"] = ResourceType.Version,
                ["resources"] = new JsonArray([.. ResourceType.All.Where(t => t.Group == g).Select(AggregatedResource)]),
                ["freshness"] = "Current",
            }),
        })]),
    };

    private static JsonObject AggregatedResource(ResourceType type) => new()
    {
        ["resource"] = type.Plural,
        ["responseKind"] = new JsonObject { ["group"] = "", ["version"] = "", ["kind"] = type.Kind },
        ["scope"] = type.Namespaced ? "Namespaced" : "Cluster",
        ["singularResource"] = type.Singular,
        ["verbs"] = AllVerbs(),
    };

    private static JsonArray AllVerbs() => new([.. Verbs.Select(v => JsonValue.Create(v))]);

    private static JsonObject VersionOfServer() => new()
    {
        ["major"] = "1",
        ["minor"] = "36",
        ["emulationMajor"] = "1",
        ["emulationMinor"] = "36",
        ["minCompatibilityMajor"] = "1",
        ["minCompatibilityMinor"] = "35",
        ["gitVersion"] = "v1.36.4-simulator",
        ["gitCommit"] = "none",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "1970-01-01T00:00:00Z",
        ["goVersion"] = "none",
        ["compiler"] = "none",
        ["platform"] = "dotnet",
    };
}
