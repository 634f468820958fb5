namespace Rx.Kube;

/// <summary>Reads the envelope of a watch event. Source: apimachinery meta/v1 generated.proto, WatchEvent.</summary>
internal static class ProtobufEvent
{
    private const int Type = 1, Object = 2;

    // Field of runtime.RawExtension.
    private const int Raw = 1;

    /// <summary>Reads the envelope.</summary>
    /// <param name="frame">One frame: one event.</param>
    /// <exception cref="KubeProtocolException">The frame is not a watch event.</exception>
    public static WatchFrame Read(ReadOnlySpan<byte> frame)
    {
        try
        {
            var type = FrameType.Unknown;
            ReadOnlySpan<byte> found = default;
            var reader = new ProtobufReader(frame);
            while (reader.Next())
            {
                if (reader.Field == Type)
                {
                    type = TypeOf(reader.ReadBytes());
                }
                else if (reader.Field == Object)
                {
                    found = RawOf(reader.ReadMessage());
                }
            }

            return found.IsEmpty ? throw new ProtobufException("an event has no object") : new WatchFrame(type, found);
        }
        catch (ProtobufException e)
        {
            throw new KubeProtocolException($"the server sent a frame that is not a watch event: {e.Message}", e);
        }
    }

    private static ReadOnlySpan<byte> RawOf(ProtobufReader extension)
    {
        ReadOnlySpan<byte> raw = default;
        while (extension.Next())
        {
            if (extension.Field == Raw)
            {
                raw = extension.ReadBytes();
            }
        }

        return raw;
    }

    private static FrameType TypeOf(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("MODIFIED"u8) ? FrameType.Modified
        : text.SequenceEqual("ADDED"u8) ? FrameType.Added
        : text.SequenceEqual("DELETED"u8) ? FrameType.Deleted
        : text.SequenceEqual("BOOKMARK"u8) ? FrameType.Bookmark
        : text.SequenceEqual("ERROR"u8) ? FrameType.Error
        : FrameType.Unknown;
}
