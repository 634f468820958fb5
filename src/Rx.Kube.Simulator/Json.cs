using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Rx.Kube.Simulator;

/// <summary>Reads and writes JSON.</summary>
internal static class Json
{
    // No escaping for HTML: the same bytes as a real server sends.
    internal static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What is stored has the levels of a body that was taken, at most.
    internal static readonly JsonDocumentOptions ReadingStored = new() { MaxDepth = 1000 };

    internal static byte[] Bytes(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Writing)) node.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Parses eagerly, so that nothing fails later. Duplicate keys, and what is not Unicode, are refused.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="JsonException">The bytes are not JSON, or nested too deeply.</exception>
    /// <exception cref="ApiStatusException">There are too many values.</exception>
    internal static JsonNode? Parse(ReadOnlySpan<byte> utf8, SimulatorOptions options)
    {
        if (!Utf8.IsValid(utf8)) throw new JsonException("it is not UTF-8");
        var nodes = 0;
        try
        {
            var reading = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = options.MaxBodyDepth };
            return Build(JsonElement.Parse(utf8, reading), options.MaxBodyValues, ref nodes);
        }
        catch (InvalidOperationException)
        {
            throw new JsonException("a text has half of a surrogate pair");
        }
    }

    internal static string Version(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static JsonNode? Build(JsonElement element, int most, ref int nodes)
    {
        if (++nodes > most) throw Errors.TooLarge($"Request entity too large: limit is {most} values");
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var o = new JsonObject();
                foreach (var property in element.EnumerateObject()) o[property.Name] = Build(property.Value, most, ref nodes);
                return o;
            case JsonValueKind.Array:
                var a = new JsonArray();
                foreach (var item in element.EnumerateArray()) a.Add(Build(item, most, ref nodes));
                return a;
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                _ = element.GetString();
                return JsonValue.Create(element);
            default:
                return JsonValue.Create(element);
        }
    }
}
