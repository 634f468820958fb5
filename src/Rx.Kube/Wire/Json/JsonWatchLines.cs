using System.Text.Json;

namespace Rx.Kube;

/// <summary>
/// Splits the body of a watch into lines, without line ends. An API server sends one event per line. A line that is only the beginning of
/// an event is followed by the whole event, as far as the line where it ends. No string is created from a line.
/// </summary>
internal static class JsonWatchLines
{
    /// <summary>Reads to the clean end of the stream.</summary>
    /// <exception cref="KubeProtocolException">A line, or an event over several lines, is longer than the cap, or is not JSON.</exception>
    /// <exception cref="KubeTransportException">The connection broke, or ended in the middle of a line.</exception>
    public static async Task ReadAsync(Stream stream, int maxLineBytes, FrameHandler onLine, CancellationToken cancellationToken)
    {
        using var window = new ByteWindow(stream, maxLineBytes);
        var searched = 0;
        OpenEvent? open = null;
        while (await window.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            for (int at; (at = window.Unread[searched..].IndexOf((byte)'\n')) >= 0;)
            {
                var length = searched + at;
                ThrowIfTooLong(length, maxLineBytes);
                var isWhole = open?.EndsIn(window.Unread[..(length + 1)]) ?? true;
                if (isWhole && !IsBlank(window.Unread[..length]))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    isWhole = onLine(window.Unread[..length]);
                    open = isWhole ? null : OpenEvent.Begin(window.Unread[..(length + 1)]);
                }

                searched = isWhole ? 0 : length + 1;
                if (isWhole)
                {
                    window.Consume(length + 1);
                }
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

    /// <summary>An event that has begun. Each of its bytes is read a few times at most, however many lines it has.</summary>
    private sealed class OpenEvent
    {
        private JsonReaderState _state = new(WireJson.Options);
        private int _read;
        private int _seen;

        public static OpenEvent Begin(ReadOnlySpan<byte> text)
        {
            var open = new OpenEvent();
            open.EndsIn(text);
            return open;
        }

        /// <summary>Reads on, and tells whether the event ends.</summary>
        /// <param name="text">The event from its beginning.</param>
        public bool EndsIn(ReadOnlySpan<byte> text)
        {
            // After a comma or a name the reader starts over at every call, until a token follows. A blank line has none: without this, a
            // million of them are read half a trillion times.
            var isBlank = IsBlank(text[_seen..^1]);
            _seen = text.Length;
            if (isBlank)
            {
                return false;
            }

            var reader = new Utf8JsonReader(text[_read..], isFinalBlock: false, _state);
            try
            {
                while (reader.Read())
                {
                    if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0)
                    {
                        return true;
                    }
                }
            }
            catch (JsonException e)
            {
                throw new KubeProtocolException(
                    $"the server sent an event over several lines that is not JSON: {Printable.Of(e.Message)}", e);
            }

            _read += (int)reader.BytesConsumed;
            _state = reader.CurrentState;
            return false;
        }
    }
}
