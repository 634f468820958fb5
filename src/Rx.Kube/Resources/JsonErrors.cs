using System.Text;
using System.Text.Json;

namespace Rx.Kube;

/// <summary>Locates an error in the JSON of an object. Slow; used only after an error.</summary>
internal static class JsonErrors
{
    private const int LongestName = 64;
    private const int Object = -1;

    /// <summary>Creates an error with the path and the position in bytes.</summary>
    /// <param name="json">The object.</param>
    /// <param name="reader">The reader, at the offending token.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="cause">The error of the reader or the decoder.</param>
    public static JsonException At(ReadOnlySpan<byte> json, in Utf8JsonReader reader, WireLimits limits, Exception cause)
    {
        var position = reader.TokenStartIndex;
        var path = PathTo(json, position, limits.ObjectOptions);
        // Utf8JsonReader reports text that is not UTF-8 as an InvalidOperationException.
        var reason = IsTooDeep(json, reader, limits) ? limits.TooDeep
            : cause is JsonException ? FirstLine(cause.Message) : "the text is not valid UTF-8 or has an unpaired surrogate";
        return new JsonException($"{path}: {reason} (byte {position})", path, null, position, cause);
    }

    /// <summary>Gets the path of the token that starts at a position. Names that do not look like field names appear as <c>?</c>.</summary>
    internal static string PathTo(ReadOnlySpan<byte> json, long position, JsonReaderOptions options)
    {
        var names = new List<(string Name, int Elements)>();
        var reader = new Utf8JsonReader(json, options);
        try
        {
            while (reader.TokenStartIndex < position && reader.Read() && reader.TokenStartIndex <= position)
            {
                Track(ref reader, names);
            }
        }
        catch (JsonException)
        {
            // The text is not JSON from here on; the path ends here.
        }

        var path = new StringBuilder("$");
        foreach (var (name, elements) in names)
        {
            _ = elements > 0 ? path.Append('[').Append(elements - 1).Append(']')
                : name.Length > 0 ? path.Append('.').Append(name)
                : path;
        }

        return path.ToString();
    }

    // Where it fails at the depth, the next token is a bracket.
    private static bool IsTooDeep(ReadOnlySpan<byte> json, in Utf8JsonReader reader, WireLimits limits) =>
        WireJson.IsTooDeep(reader, limits.MaxObjectDepth)
        && json[(int)reader.BytesConsumed..].TrimStart(" \t\r\n,:"u8) is [(byte)'[' or (byte)'{', ..];

    // One entry per open object (the name of its current property) or array (the number of elements begun).
    private static void Track(ref Utf8JsonReader reader, List<(string Name, int Elements)> names)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                names[^1] = (NameOf(ref reader), Object);
                return;
            case JsonTokenType.EndArray or JsonTokenType.EndObject:
                names.RemoveAt(names.Count - 1);
                return;
        }

        if (names is [.., (_, >= 0) array])
        {
            names[^1] = ("", array.Elements + 1);
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                names.Add(("", 0));
                break;
            case JsonTokenType.StartObject:
                names.Add(("", Object));
                break;
        }
    }

    private static string NameOf(ref Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        foreach (var b in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'_' or (byte)'-' or (byte)'.' or (byte)'/'))
            {
                return "?";
            }
        }

        return name.Length is 0 or > LongestName ? "?" : Encoding.ASCII.GetString(name);
    }

    private static string FirstLine(string message)
    {
        // The runtime's own messages end with " LineNumber: … | BytePositionInLine: …".
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
