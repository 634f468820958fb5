using System.Buffers.Binary;
using System.Text;

namespace Rx.Kube.Tests.Wire;

/// <summary>
/// A second wire format, made up to show that one is only another <see cref="IWireFormat"/>. A body is frames with a length of four bytes
/// before each. The first frame of a list has its version and continue token, the others an item each. A frame of a watch is one letter for
/// the type, then the object. An object, a Status as well, is texts that end with a zero byte.
/// </summary>
internal sealed class BinaryTestFormat : IWireFormat
{
    public string MediaType => "application/x.rx-kube-test";

    public static byte[] Body(params byte[][] frames) => [.. frames.SelectMany(f => (byte[])[.. Length(f.Length), .. f])];

    public static byte[] Event(char type, params string[] @object) => [(byte)type, .. Texts(@object)];

    public static byte[] Texts(params string[] texts) => [.. texts.SelectMany(t => (byte[])[.. Encoding.UTF8.GetBytes(t), 0])];

    /// <summary>Decodes an object to its name; an object of another shape is an error.</summary>
    public static string DecodeName(ReadOnlySpan<byte> @object) =>
        @object.Count((byte)0) == 3 ? Text(@object, 1) : throw new FormatException("an object has three texts");

    public async Task<ListPage> ReadListAsync(Stream body, WireLimits limits, BytesHandler onItem, CancellationToken cancellationToken)
    {
        ListPage? page = null;
        await ReadWatchAsync(
            body,
            limits.MaxObjectBytes,
            frame =>
            {
                if (page is null)
                {
                    page = new ListPage(Text(frame, 0), Text(frame, 1));
                }
                else
                {
                    onItem(frame);
                }

                return true;
            },
            cancellationToken);
        return page ?? throw new KubeProtocolException("the list has no first frame");
    }

    public async Task ReadWatchAsync(Stream body, int maxEventBytes, FrameHandler onFrame, CancellationToken cancellationToken)
    {
        using var window = new ByteWindow(body, maxEventBytes);
        while (await window.ReadAsync(cancellationToken))
        {
            while (BinaryPrimitives.TryReadInt32BigEndian(window.Unread, out var length) && window.Unread.Length >= 4 + length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                onFrame(window.Unread.Slice(4, length));
                window.Consume(4 + length);
            }
        }

        if (!window.Unread.IsEmpty)
        {
            throw new KubeTransportException("the connection ended in the middle of a frame");
        }
    }

    public WatchFrame ReadEvent(ReadOnlySpan<byte> frame, bool exact) => new(
        frame[0] switch
        {
            (byte)'A' => FrameType.Added,
            (byte)'M' => FrameType.Modified,
            (byte)'D' => FrameType.Deleted,
            (byte)'B' => FrameType.Bookmark,
            (byte)'E' => FrameType.Error,
            _ => FrameType.Unknown,
        },
        frame[1..]);

    public ObjectIdentity ReadIdentity(ReadOnlySpan<byte> @object) => new(Text(@object, 0), Text(@object, 1), Text(@object, 2));

    public string ReadVersion(ReadOnlySpan<byte> @object) => Text(@object, 2);

    public bool EndsInitialEvents(ReadOnlySpan<byte> bookmark) => Text(bookmark, 1) == "end";

    public (KubeStatus Status, TimeSpan? RetryAfter) ReadStatus(ReadOnlySpan<byte> @object, int fallbackCode) => (
        new KubeStatus(int.TryParse(Text(@object, 0), out var code) ? code : fallbackCode, Text(@object, 1), Text(@object, 2), []), null);

    private static string Text(ReadOnlySpan<byte> texts, int index)
    {
        for (; index > 0; index--)
        {
            texts = texts[(texts.IndexOf((byte)0) + 1)..];
        }

        var end = texts.IndexOf((byte)0);
        return end < 0 ? "" : Encoding.UTF8.GetString(texts[..end]);
    }

    private static byte[] Length(int length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        return bytes;
    }
}
