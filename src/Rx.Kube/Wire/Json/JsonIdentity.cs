using System.Text.Json;

namespace Rx.Kube;

/// <summary>
/// Reads the identity of an object from its <c>metadata</c>, and stops at the resourceVersion: the API server writes it after name and
/// namespace, and near the start, so that most of the object is not read twice.
/// </summary>
internal static class JsonIdentity
{
    /// <summary>Reads namespace, name and version.</summary>
    /// <param name="json">The object; it may be followed by more, or broken further on.</param>
    /// <returns>What was found before the end, or before the first broken byte.</returns>
    public static ObjectIdentity Read(ReadOnlySpan<byte> json) => Read(json, versionOnly: false);

    /// <summary>Reads the resourceVersion alone, which is all that a valid event needs: no other string is made.</summary>
    public static string ReadVersion(ReadOnlySpan<byte> json) => Read(json, versionOnly: true).ResourceVersion;

    private static ObjectIdentity Read(ReadOnlySpan<byte> json, bool versionOnly)
    {
        string @namespace = "", name = "", version = "";
        var reader = new Utf8JsonReader(json, WireJson.Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return ObjectIdentity.Unknown;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMetadata = WireJson.Is(reader, "metadata"u8);
                reader.Read();
                if (!isMetadata || reader.TokenType != JsonTokenType.StartObject)
                {
                    reader.Skip();
                    continue;
                }

                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var field = WireJson.Is(reader, "resourceVersion"u8) ? 3
                        : versionOnly ? 0
                        : WireJson.Is(reader, "name"u8) ? 1
                        : WireJson.Is(reader, "namespace"u8) ? 2 : 0;
                    reader.Read();
                    if (field == 0 || reader.TokenType != JsonTokenType.String)
                    {
                        reader.Skip();
                    }
                    else if (field == 1)
                    {
                        name = WireJson.TextOf(ref reader);
                    }
                    else if (field == 2)
                    {
                        @namespace = WireJson.TextOf(ref reader);
                    }
                    else
                    {
                        version = WireJson.TextOf(ref reader);
                        return new(@namespace, name, version);
                    }
                }

                break;
            }
        }
        catch (JsonException e)
        {
            if (versionOnly && WireJson.IsTooDeep(reader))
            {
                throw WireJson.Unreadable(reader, "", e);
            }

            // The object is broken here; what was read so far is the answer.
        }

        return new(@namespace, name, version);
    }
}
