using System.Buffers.Binary;

namespace Rx.Kube;

/// <summary>
/// Splits the body of a watch into frames: four bytes with the length, the highest byte first, then one event. Source: apimachinery
/// util/framer, NewLengthDelimitedFrameWriter.
/// </summary>
internal static class ProtobufWatchFrames
{
    private const int Prefix = sizeof(uint);

    /// <summary>Reads to the clean end of the stream.</summary>
    /// <exception cref="KubeProtocolException">A frame is empty, or longer than the cap.</exception>
    /// <exception cref="KubeTransportException">The connection broke, or ended in the middle of a frame.</exception>
    public static async Task ReadAsync(Stream stream, int maxFrameBytes, FrameHandler onFrame, CancellationToken cancellationToken)
    {
        using var window = new ByteWindow(stream, Math.Max(maxFrameBytes, Prefix));
        int? length = null;
        while (await window.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            for (var goesOn = true; goesOn;)
            {
                if (length is null && BinaryPrimitives.TryReadUInt32BigEndian(window.Unread, out var announced))
                {
                    // Checked before anything of the frame is kept.
                    length = announced == 0 ? throw Empty()
                        : announced <= (uint)maxFrameBytes ? (int)announced
                        : throw ByteWindow.TooLong(maxFrameBytes);
                    window.Consume(Prefix);
                }

                goesOn = length <= window.Unread.Length;
                if (goesOn)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    onFrame(window.Unread[..length!.Value]);
                    window.Consume(length.Value);
                    length = null;
                }
            }
        }

        if (length is not null || !window.Unread.IsEmpty)
        {
            throw new KubeTransportException("the connection ended in the middle of an event");
        }
    }

    private static KubeProtocolException Empty() => new("the server sent a frame that is not a watch event: it is empty");
}
