using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator;

/// <summary>Reads and writes JSON.</summary>
internal static class Json
{
    // No escaping for HTML: the same bytes as a real server sends.
    internal static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Reading = new() { AllowDuplicateProperties = false };

    internal static byte[] Bytes(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Writing)) node.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Parses eagerly, so that nothing fails later. Duplicate keys are refused.</summary>
    internal static JsonNode? Parse(ReadOnlySpan<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8.ToArray(), Reading);
        return Build(document.RootElement);
    }

    internal static string Version(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static JsonNode? Build(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(element.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Build(p.Value)))),
        JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select(Build)]),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(element.Clone()),
    };
}
