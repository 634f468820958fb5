using System.Text.Json;

namespace Rx.Kube;

/// <summary>The types of watch events. Source: apimachinery watch.go.</summary>
internal enum FrameType
{
    Unknown,
    Added,
    Modified,
    Deleted,
    Bookmark,
    Error,
}

/// <summary>One line of a watch: <c>{"type":"…","object":{…}}</c>, its object still undecoded.</summary>
internal readonly ref struct WatchFrame
{
    private WatchFrame(FrameType type, ReadOnlySpan<byte> json)
    {
        Type = type;
        Object = json;
    }

    public FrameType Type { get; }

    /// <summary>The object's JSON.</summary>
    public ReadOnlySpan<byte> Object { get; }

    /// <summary>Reads the envelope.</summary>
    /// <param name="line">One line.</param>
    /// <param name="exact">
    /// False takes the object to reach to the line's last brace, which holds for what API servers send and saves walking the object
    /// once more; the decoder fails where it does not hold, and then true finds its exact end.
    /// </param>
    /// <exception cref="KubeProtocolException">The line is no watch event.</exception>
    public static WatchFrame Read(ReadOnlySpan<byte> line, bool exact)
    {
        try
        {
            var reader = new Utf8JsonReader(line, WireJson.Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("an event is not an object");
            }

            var type = FrameType.Unknown;
            var hasType = false;
            var json = default(ReadOnlySpan<byte>);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("type"u8))
                {
                    reader.Read();
                    type = TypeOf(ref reader);
                    hasType = true;
                }
                else if (reader.ValueTextEquals("object"u8))
                {
                    reader.Read();
                    var start = (int)reader.TokenStartIndex;
                    if (!exact && hasType && reader.TokenType == JsonTokenType.StartObject)
                    {
                        var end = line.LastIndexOf((byte)'}');
                        return new(type, end > start ? line[start..end] : line[start..]);
                    }

                    reader.Skip();
                    json = line[start..(int)reader.BytesConsumed];
                }
                else
                {
                    reader.Skip();
                }
            }

            return json.IsEmpty ? throw new JsonException("an event has no object") : new(type, json);
        }
        catch (JsonException e)
        {
            throw new KubeProtocolException($"the server sent a line that is no watch event: {e.Message}", e);
        }
    }

    private static FrameType TypeOf(ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String ? FrameType.Unknown
        : reader.ValueTextEquals("MODIFIED"u8) ? FrameType.Modified
        : reader.ValueTextEquals("ADDED"u8) ? FrameType.Added
        : reader.ValueTextEquals("DELETED"u8) ? FrameType.Deleted
        : reader.ValueTextEquals("BOOKMARK"u8) ? FrameType.Bookmark
        : reader.ValueTextEquals("ERROR"u8) ? FrameType.Error
        : FrameType.Unknown;
}
