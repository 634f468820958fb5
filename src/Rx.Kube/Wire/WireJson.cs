using System.Text.Json;

namespace Rx.Kube;

/// <summary>How the envelopes around objects are read.</summary>
internal static class WireJson
{
    /// <summary>
    /// Deeper than any decoder accepts, so that one deeply nested object is the decoder's to refuse, and not the end of the list
    /// or the watch it stands in.
    /// </summary>
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = 4096 };

    /// <summary>The string under the reader.</summary>
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
