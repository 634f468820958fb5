namespace Rx.Kube;

/// <summary>Splits the body of a watch into lines, one event per line, without line ends. No string is created from a line.</summary>
internal static class JsonWatchLines
{
    /// <summary>Reads to the clean end of the stream.</summary>
    /// <exception cref="KubeProtocolException">A line is longer than the cap.</exception>
    /// <exception cref="KubeTransportException">The connection broke, or ended in the middle of a line.</exception>
    public static async Task ReadAsync(Stream stream, int maxLineBytes, BytesHandler onLine, CancellationToken cancellationToken)
    {
        using var window = new ByteWindow(stream, maxLineBytes);
        var searched = 0;
        while (await window.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            for (int at; (at = window.Unread[searched..].IndexOf((byte)'\n')) >= 0; searched = 0)
            {
                var length = searched + at;
                ThrowIfTooLong(length, maxLineBytes);
                if (!IsBlank(window.Unread[..length]))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    onLine(window.Unread[..length]);
                }

                window.Consume(length + 1);
            }

            searched = window.Unread.Length;
            ThrowIfTooLong(searched, maxLineBytes);
        }

        // A close-delimited body that is cut looks like a clean end, except for the half line.
        if (!IsBlank(window.Unread))
        {
            throw new KubeTransportException("the connection ended in the middle of an event");
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.TrimStart(" \r\t"u8).IsEmpty;

    private static void ThrowIfTooLong(int length, int maxLineBytes)
    {
        if (length > maxLineBytes)
        {
            throw ByteWindow.TooLong(maxLineBytes);
        }
    }
}
