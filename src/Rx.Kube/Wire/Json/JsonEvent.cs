using System.Text.Json;

namespace Rx.Kube;

/// <summary>Reads the envelope of a watch event: <c>{"type":"…","object":{…}}</c>.</summary>
internal static class JsonEvent
{
    /// <summary>Reads the envelope.</summary>
    /// <param name="line">One line; as client-go does, further events after the first one are allowed.</param>
    /// <param name="exact">
    /// False assumes that the object ends just before the line's last brace. API servers send it so, and the object is not read once
    /// more to find its end. Where the assumption is wrong the decoder fails, and true then finds the exact end, and what follows. A
    /// broken object has no exact end: if no further event can be on the line, the assumption holds, and only this object is lost.
    /// </param>
    /// <exception cref="KubeProtocolException">The line is not a watch event, or is broken and may have several events.</exception>
    public static WatchFrame Read(ReadOnlySpan<byte> line, bool exact)
    {
        if (!exact && ReadUsual(line, out var usual))
        {
            return usual;
        }

        var reader = new Utf8JsonReader(line, WireJson.Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("an event is not an object");
            }

            var type = FrameType.Unknown;
            var hasType = false;
            var json = default(ReadOnlySpan<byte>);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (WireJson.Is(reader, "type"u8))
                {
                    reader.Read();
                    type = TypeOf(ref reader);
                    hasType = true;
                }
                else if (WireJson.Is(reader, "object"u8))
                {
                    reader.Read();
                    var start = (int)reader.TokenStartIndex;
                    if (!exact && hasType && reader.TokenType == JsonTokenType.StartObject)
                    {
                        var end = line.LastIndexOf((byte)'}');
                        if (end > start && line[(end + 1)..].TrimStart(" \t\r"u8).IsEmpty)
                        {
                            return new WatchFrame(type, line[start..end]);
                        }
                    }

                    reader.Skip();
                    json = line[start..(int)reader.BytesConsumed];
                }
                else
                {
                    reader.Skip();
                }
            }

            var rest = line[(int)reader.BytesConsumed..].TrimStart(" \t\r\n"u8);
            return json.IsEmpty ? throw new JsonException("an event has no object") : new WatchFrame(type, json, rest);
        }
        catch (JsonException) when (IsIncomplete(line))
        {
            return new WatchFrame(FrameType.Incomplete, default);
        }
        catch (JsonException e)
        {
            if (exact && line.Count("\"object\""u8) == 1
                && Read(line, exact: false) is { Type: FrameType.Added or FrameType.Modified or FrameType.Deleted } broken)
            {
                return broken;
            }

            throw WireJson.Unreadable(reader, "the server sent a line that is not a watch event", e);
        }
    }

    // What API servers write, byte by byte.
    private static bool ReadUsual(ReadOnlySpan<byte> line, out WatchFrame frame)
    {
        var (type, start) =
            line.StartsWith("""{"type":"MODIFIED","object":{"""u8) ? (FrameType.Modified, """{"type":"MODIFIED","object":"""u8.Length)
            : line.StartsWith("""{"type":"ADDED","object":{"""u8) ? (FrameType.Added, """{"type":"ADDED","object":"""u8.Length)
            : line.StartsWith("""{"type":"DELETED","object":{"""u8) ? (FrameType.Deleted, """{"type":"DELETED","object":"""u8.Length)
            : (FrameType.Unknown, 0);
        var isUsual = start > 0 && line[^1] == (byte)'}' && line[^2] == (byte)'}';
        frame = isUsual ? new WatchFrame(type, line[start..^1]) : default;
        return isUsual;
    }

    private static bool IsIncomplete(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, isFinalBlock: false, new JsonReaderState(WireJson.Options));
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && !reader.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static FrameType TypeOf(ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String ? FrameType.Unknown
        : WireJson.Is(reader, "MODIFIED"u8) ? FrameType.Modified
        : WireJson.Is(reader, "ADDED"u8) ? FrameType.Added
        : WireJson.Is(reader, "DELETED"u8) ? FrameType.Deleted
        : WireJson.Is(reader, "BOOKMARK"u8) ? FrameType.Bookmark
        : WireJson.Is(reader, "ERROR"u8) ? FrameType.Error
        : FrameType.Unknown;
}
