using System.Text.Json;

namespace Rx.Kube;

/// <summary>Reads the JSON of the envelopes around objects.</summary>
internal static class WireJson
{
    /// <summary>
    /// Gets options that allow more depth than any decoder accepts. The decoder then rejects a deeply nested object, and the list or
    /// watch around it goes on.
    /// </summary>
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = 4096 };

    /// <summary>Gets the string at the reader's current token.</summary>
    /// <exception cref="JsonException">It is not a string, or not UTF-8.</exception>
    public static string TextOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"expected a string, found {reader.TokenType}");
        }

        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a string is not valid UTF-8", e);
        }
    }
}
