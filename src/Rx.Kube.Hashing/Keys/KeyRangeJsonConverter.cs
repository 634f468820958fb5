using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rx.Kube;

/// <summary>
/// Writes a <see cref="KeyRange"/> as a JSON string, and reads it. <see cref="KeyRange"/> names this converter, so that serializers use it
/// without configuration, with and without source generation; as a key of a dictionary, too.
/// </summary>
public sealed class KeyRangeJsonConverter : JsonConverter<KeyRange>
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">The JSON is not a string, or the string is not a range.</exception>
    public override KeyRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? RangeOf(ref reader) : throw Unreadable();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, KeyRange value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Span<char> text = stackalloc char[KeyRange.TextLength];
        value.TryFormat(text, out _, default, null);
        writer.WriteStringValue(text);
    }

    /// <inheritdoc/>
    /// <exception cref="JsonException">The name is not a range.</exception>
    public override KeyRange ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RangeOf(ref reader);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, KeyRange value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(value.ToString());
    }

    private static KeyRange RangeOf(ref Utf8JsonReader reader) =>
        KeyRange.TryParse(reader.GetString(), null, out var range) ? range : throw Unreadable();

    private static JsonException Unreadable() => new(
        "The JSON is not a range of hashes. To fix: send a string with the two bounds in hexadecimal, such as "
        + "\"[0000000000000000, 00000000000000ff]\".");
}
