using System.Text.Json;
using System.Text.RegularExpressions;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Resources;

/// <summary>Pods and Nodes by the document of System.Text.Json: slow, and sharing no code with the decoders.</summary>
internal static partial class ReferencePod
{
    public static Pod Decode(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var status = Get(document.RootElement, "status");
        var ips = Items(Get(status, "podIPs")).Select(i => Text(i, "ip")).Where(ip => !string.IsNullOrEmpty(ip)).ToList();
        return new Pod
        {
            Metadata = Metadata(document),
            NodeName = Text(Get(document.RootElement, "spec"), "nodeName") is { Length: > 0 } node ? node : null,
            IPs = [.. (ips.Count > 0 ? ips : Text(status, "podIP") is { Length: > 0 } ip ? [ip] : [])!],
            Phase = Text(status, "phase") ?? "",
            Ready = Ready(status),
        };
    }

    public static Node DecodeNode(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return new Node
        {
            Metadata = Metadata(document),
            Ready = Ready(Get(document.RootElement, "status")),
            Unschedulable = Get(Get(document.RootElement, "spec"), "unschedulable") is { ValueKind: JsonValueKind.True },
        };
    }

    /// <summary>The ordinal as the documentation tells it, from the text.</summary>
    public static int? Ordinal(Pod pod) =>
        int.TryParse(pod.Metadata.Labels.GetValueOrDefault("apps.kubernetes.io/pod-index"), out var index) && index >= 0 ? index
        : pod.Controller?.Kind == "StatefulSet" && NameWithOrdinal().Match(pod.Metadata.Name) is { Success: true } match &&
          match.Groups[1].Value == pod.Controller.Name ? int.Parse(match.Groups[2].Value, null) : null;

    private static bool Ready(JsonElement? status) =>
        Items(Get(status, "conditions")).FirstOrDefault(c => Text(c, "type") == "Ready") is { } ready && Text(ready, "status") == "True";

    private static ObjectMeta Metadata(JsonDocument document) =>
        ReferenceSlice.Of(document.RootElement.GetProperty("metadata").Deserialize(ReferenceJson.Default.MetaDto)!);

    private static JsonElement? Get(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } e && e.TryGetProperty(name, out var value) ? value : null;

    private static IEnumerable<JsonElement?> Items(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } e ? e.EnumerateArray().Select(i => (JsonElement?)i) : [];

    private static string? Text(JsonElement? element, string name) => Get(element, name)?.GetString();

    [GeneratedRegex("^(.*)-([0-9]+)$", RegexOptions.Singleline)]
    private static partial Regex NameWithOrdinal();
}
