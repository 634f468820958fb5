using System.Text.Json;

namespace Rx.Kube;

/// <summary>Reads the JSON of the envelopes around objects.</summary>
internal static class WireJson
{
    /// <summary>
    /// The largest depth: more than API servers accept in an object (10,000; Go's encoding/json, maxNestingDepth), with the envelope around
    /// it, and more than any decoder accepts. The decoder then rejects a deeply nested object, and the list or watch around it goes on.
    /// </summary>
    public const int MaxDepth = 10_100;

    /// <summary>Gets the options with that depth.</summary>
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = MaxDepth };

    /// <summary>Gets whether a reader that failed stands at its largest depth.</summary>
    public static bool IsTooDeep(in Utf8JsonReader reader, int maxDepth = MaxDepth) =>

        // CurrentDepth does not count a bracket that was just read.
        reader.CurrentDepth + (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? 1 : 0) >= maxDepth;

    /// <summary>Creates the error for JSON that cannot be read.</summary>
    /// <param name="reader">The reader, where it failed.</param>
    /// <param name="what">What is wrong, such as <c>the server's answer is not a list</c>.</param>
    /// <param name="e">The failure.</param>
    public static KubeProtocolException Unreadable(in Utf8JsonReader reader, string what, JsonException e) => IsTooDeep(reader)
        ? new(
            $"the server sent JSON that is nested deeper than {MaxDepth} levels. "
            + "To fix: remove such objects, or exclude them with a selector.",
            e)
        : new($"{what}: {Printable.Of(e.Message)}", e);

    /// <summary>
    /// Gets whether the reader's current token, a name or a string, is this text. A token with an unpaired surrogate is not, and costs no
    /// exception.
    /// </summary>
    /// <param name="reader">The reader.</param>
    /// <param name="text">The text: ASCII, without a backslash.</param>
    public static bool Is(in Utf8JsonReader reader, ReadOnlySpan<byte> text) =>
        reader.ValueIsEscaped
            ? !HasSurrogateEscape(reader.ValueSpan) && reader.ValueTextEquals(text)
            : reader.ValueSpan.SequenceEqual(text);

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

    // Text that is not ASCII is not the text, whether its surrogates are in pairs or not.
    private static bool HasSurrogateEscape(ReadOnlySpan<byte> value)
    {
        for (int at; (at = value.IndexOf("\\u"u8)) >= 0; value = value[(at + 2)..])
        {
            if (value[(at + 2)..] is [(byte)'d' or (byte)'D', not (>= (byte)'0' and <= (byte)'7'), ..])
            {
                return true;
            }
        }

        return false;
    }
}
