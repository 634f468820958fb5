using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube.Testing;

/// <summary>Finds out from objects what kubectl was asked for.</summary>
internal static class KubectlHeader
{
    /// <summary>Gets what one object tells.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static RecordingHeader Of(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, RecordingFormat.Reading);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        var version = Text(root, "apiVersion").Split('/');
        var metadata = Child(root, "metadata");
        return new()
        {
            Group = version is [var group, _] ? group : "",
            Version = version[^1],
            Plural = Text(root, "kind") switch
            {
                "EndpointSlice" => "endpointslices",
                "Endpoints" => "endpoints",
                var kind => $"{kind.ToLowerInvariant()}s",
            },
            Namespace = Text(metadata, "namespace"),
            Service = Text(Child(metadata, "labels"), EndpointSlice.ServiceNameLabel),
        };
    }

    /// <summary>Gets what holds for both.</summary>
    public static RecordingHeader Both(RecordingHeader one, RecordingHeader other) => one with
    {
        Namespace = one.Namespace == other.Namespace ? one.Namespace : "",
        Service = one.Service == other.Service && one.Namespace == other.Namespace ? one.Service : "",
    };

    private static JsonElement Child(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var its) ? its : default;

    private static string Text(JsonElement of, string name)
    {
        try
        {
            return Child(of, name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";
        }
        catch (InvalidOperationException)
        {
            return ""; // not UTF-8
        }
    }
}
