using System.Text.Json.Nodes;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>The documents that tell clients such as kubectl what is served.</summary>
internal static class Discovery
{
    private static readonly string[] Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>Returns the document at a path, or null.</summary>
    internal static JsonObject? Document(string path, bool aggregated, int port, ResourceTypes types) =>
        path.Length > 1 ? Find(path, aggregated, port, types) : Paths(types);

    internal static JsonObject Paths(ResourceTypes types) => new()
    {
        ["paths"] = new JsonArray(
        [
            "/api", $"/api/{ResourceType.Version}", "/apis",
            .. types.Groups.SelectMany(g => types.VersionsOf(g).Select(v => $"/apis/{g}/{v}").Prepend($"/apis/{g}"))
                .Select(p => JsonValue.Create(p)),
            "/healthz", "/livez", "/readyz", "/version",
        ]),
    };

    private static JsonObject? Find(string path, bool aggregated, int port, ResourceTypes types) => path switch
    {
        "/api" when aggregated => Aggregated(types, ""),
        "/apis" when aggregated => Aggregated(types, [.. types.Groups]),
        "/api" => new()
        {
            ["kind"] = "APIVersions",
            ["versions"] = new JsonArray(ResourceType.Version),
            ["serverAddressByClientCIDRs"] = Addresses(port),
        },
        "/apis" => new()
        {
            ["kind"] = "APIGroupList",
            ["groups"] = new JsonArray([.. types.Groups.Select(g => Group(g, Addresses(port), types))]),
        },
        "/version" => VersionOfServer(),
        "/api/v1" => Resources("", ResourceType.Version, types),
        _ when path.Split('/') is ["", "apis", var g, .. var rest] && types.Groups.Contains(g) => rest switch
        {
            [] => Group(g, null, types),
            [var v] when types.VersionsOf(g).Contains(v) => Resources(g, v, types),
            _ => null,
        },
        _ => OpenApi.Document(path, types),
    };

    private static JsonArray Addresses(int port) => new(new JsonObject
    {
        ["clientCIDR"] = "0.0.0.0/0",
        ["serverAddress"] = $":{port}",
    });

    private static JsonObject Group(string name, JsonArray? addresses, ResourceTypes types)
    {
        JsonObject Version(string v) => new() { ["groupVersion"] = $"{name}/{v}", ["version"] = v };
        var group = new JsonObject();
        if (addresses is null) (group["kind"], group["apiVersion"]) = ("APIGroup", "v1");
        group["name"] = name;
        group["versions"] = new JsonArray([.. types.VersionsOf(name).Select(Version)]);
        group["preferredVersion"] = Version(types.VersionsOf(name).First());
        if (addresses is not null) group["serverAddressByClientCIDRs"] = addresses;
        return group;
    }

    private static JsonObject Resources(string group, string version, ResourceTypes types)
    {
        var list = new JsonObject { ["kind"] = "APIResourceList" };
        if (group.Length > 0) list["apiVersion"] = "v1";
        list["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}";
        list["resources"] = new JsonArray([.. types.Of(group, version).Select(t => new JsonObject
        {
            ["name"] = t.Plural,
            ["singularName"] = t.Singular,
            ["namespaced"] = t.Namespaced,
            ["kind"] = t.Kind,
            ["verbs"] = AllVerbs(),
        })]);
        return list;
    }

    private static JsonObject Aggregated(ResourceTypes types, params string[] groups) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = "apidiscovery.k8s.io/v2",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. groups.Select(g => new JsonObject
        {
            ["metadata"] = g.Length == 0 ? [] : new JsonObject { ["name"] = g },
            ["versions"] = new JsonArray([.. types.VersionsOf(g).Select(v => new JsonObject
            {
                ["version"] = v,
                ["resources"] = new JsonArray(
                    [.. types.Of(g, v).Select(AggregatedResource)]),
                ["freshness"] = "Current",
            })]),
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
