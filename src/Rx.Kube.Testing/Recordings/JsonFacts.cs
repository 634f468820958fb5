using System.Text;
using System.Text.Json;

namespace Rx.Kube.Testing;

/// <summary>
/// Some scalar values of an object, by their paths, such as <c>metadata/name</c>. A name with an unpaired surrogate is no error: it is no
/// name that is looked for.
/// </summary>
internal sealed class JsonFacts
{
    private readonly Dictionary<string, (JsonTokenType Type, string? Text)> _values = new(StringComparer.Ordinal);

    /// <summary>Reads a whole object.</summary>
    /// <param name="json">The object.</param>
    /// <param name="paths">What is looked for.</param>
    /// <exception cref="JsonException">It is not JSON, not an object, nested too deeply, or something follows it.</exception>
    public JsonFacts(ReadOnlySpan<byte> json, params string[] paths)
    {
        var reader = new Utf8JsonReader(json, RecordingFormat.Reading);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("it is not an object");
        }

        Read(ref reader, "", paths);
        if (reader.Read())
        {
            throw new JsonException("something follows the object");
        }
    }

    /// <summary>Gets a text; empty if it is absent or null, null if it is something else, or not UTF-8.</summary>
    public string? Text(string path) => _values.GetValueOrDefault(path, (JsonTokenType.Null, "")) switch
    {
        (JsonTokenType.String, var text) => text,
        (JsonTokenType.Null, _) => "",
        _ => null,
    };

    /// <summary>Gets whether a value is true.</summary>
    public bool IsTrue(string path) => _values.TryGetValue(path, out var value) && value.Type == JsonTokenType.True;

    /// <summary>Gets a whole number; null if there is none.</summary>
    public int? Number(string path) => _values.TryGetValue(path, out var value) && value.Type == JsonTokenType.Number
        && int.TryParse(value.Text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    private void Read(ref Utf8JsonReader reader, string prefix, string[] paths)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var path = JsonText.Of(reader) is { Length: <= 100 } name ? prefix + name : "";
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject
                && Array.Exists(paths, wanted => wanted.StartsWith(path + "/", StringComparison.Ordinal)))
            {
                Read(ref reader, path + "/", paths);
            }
            else
            {
                if (Array.IndexOf(paths, path) >= 0)
                {
                    _values[path] = (reader.TokenType, reader.TokenType switch
                    {
                        JsonTokenType.String => JsonText.Of(reader),
                        JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
                        _ => null,
                    });
                }

                reader.Skip();
            }
        }
    }
}
