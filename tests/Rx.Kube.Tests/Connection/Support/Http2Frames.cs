using System.Buffers.Binary;

namespace Rx.Kube.Tests.Connection.Support;

/// <summary>Frames of HTTP/2 by hand, for a server that breaks its rules.</summary>
internal static class Http2Frames
{
    public const int Data = 0;
    public const int Headers = 1;
    public const int ResetStream = 3;
    public const int Settings = 4;
    public const int GoAway = 7;
    public const int WindowUpdate = 8;

    public const int EndStream = 1;
    public const int EndHeaders = 4;

    /// <summary>The header of the answer, from the static table of HPACK.</summary>
    public const byte Status200 = 0x88;

    /// <summary>Begins the connection, and reads up to the end of the headers of the first request.</summary>
    public static async Task ReadRequestAsync(Stream stream)
    {
        await WriteAsync(stream, Settings, 0, 0, []);
        await stream.ReadExactlyAsync(new byte["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length]);
        for (var type = -1; type != Headers;)
        {
            var head = new byte[9];
            await stream.ReadExactlyAsync(head);
            type = head[3];
            await stream.ReadExactlyAsync(new byte[(head[0] << 16) | (head[1] << 8) | head[2]]);
        }
    }

    public static Task WriteAsync(Stream stream, int type, int flags, int id, byte[] payload) =>
        stream.WriteAsync((byte[])[.. Number(payload.Length)[1..], (byte)type, (byte)flags, .. Number(id), .. payload]).AsTask();

    public static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
