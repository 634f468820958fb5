using System.Text.Json;

namespace Rx.Kube.RealServer.Tests.Watch;

/// <summary>
/// Formats the facts of each endpoint as a text, from the output of the tool and from the output of kubectl, for comparison. The
/// slices of these tests have every address once, so no merging is necessary.
/// </summary>
public static class EndpointFacts
{
    public static string OfToolEndpoint(JsonElement endpoint) => Text(
        Text(endpoint, "slice"),
        endpoint.GetProperty("addresses"),
        endpoint.GetProperty("ports"),
        Flag(endpoint, "ready", false),
        Flag(endpoint, "serving", false),
        Flag(endpoint, "terminating", false),
        Text(endpoint, "zone"),
        Text(endpoint, "node"),
        Text(endpoint, "pod"));

    /// <summary>Formats all endpoints of <c>kubectl get endpointslices -o json</c>.</summary>
    public static string[] OfKubectlList(string list)
    {
        using var json = JsonDocument.Parse(list);
        return
        [
            .. json.RootElement.GetProperty("items").EnumerateArray()
                .SelectMany(slice => Items(slice, "endpoints").Select(endpoint => OfSlice(slice, endpoint)))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string OfSlice(JsonElement slice, JsonElement endpoint)
    {
        var conditions = endpoint.TryGetProperty("conditions", out var given) ? given : default;
        return Text(
            Text(slice.GetProperty("metadata"), "name"),
            endpoint.GetProperty("addresses"),
            slice.GetProperty("ports"),
            Flag(conditions, "ready", true),
            Flag(conditions, "serving", true),
            Flag(conditions, "terminating", false),
            Text(endpoint, "zone"),
            Text(endpoint, "nodeName"),
            endpoint.TryGetProperty("targetRef", out var target) ? Text(target, "name") : "");
    }

    private static string Text(
        string slice, JsonElement addresses, JsonElement ports, bool ready, bool serving, bool terminating, params string[] rest) =>
        $"{slice} [{string.Join(',', addresses.EnumerateArray().Take(1))}] [{string.Join(',', ports.EnumerateArray().Select(Port))}] "
        + $"ready={ready} serving={serving} terminating={terminating} {string.Join('/', rest)}";

    private static string Port(JsonElement port) => $"{Text(port, "name")}:{port.GetProperty("port")}/{Text(port, "protocol")}";

    private static string Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static bool Flag(JsonElement parent, string name, bool otherwise) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value.GetBoolean() : otherwise;

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : default;
}
