using System.Text.Json;

namespace Rx.Kube;

/// <summary>Reads what a bookmark says besides its version.</summary>
internal static class JsonBookmark
{
    /// <summary>
    /// Reads whether the bookmark ends the initial events of a streaming list: <c>metadata.annotations</c> has
    /// <c>k8s.io/initial-events-end: "true"</c>. Source: apimachinery meta/v1, InitialEventsAnnotationKey.
    /// </summary>
    /// <param name="json">The bookmark's object; it may be followed by more.</param>
    public static bool EndsInitialEvents(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, WireJson.Options);
            return reader.Read() && Enter(ref reader, "metadata"u8) && Enter(ref reader, "annotations"u8)
                && Find(ref reader, "k8s.io/initial-events-end"u8)
                && reader.TokenType == JsonTokenType.String && WireJson.Is(reader, "true"u8);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Enter(ref Utf8JsonReader reader, ReadOnlySpan<byte> property) =>
        Find(ref reader, property) && reader.TokenType == JsonTokenType.StartObject;

    /// <summary>Moves from the start of an object to the value of a property.</summary>
    private static bool Find(ref Utf8JsonReader reader, ReadOnlySpan<byte> property)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isFound = WireJson.Is(reader, property);
            reader.Read();
            if (isFound)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
