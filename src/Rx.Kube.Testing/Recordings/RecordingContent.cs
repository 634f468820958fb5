using System.IO.Compression;

namespace Rx.Kube.Testing;

/// <summary>Reads the bytes of a recording, compressed or not, within a limit.</summary>
internal static class RecordingContent
{
    private const int Chunk = 64 * 1024;

    /// <summary>Reads to the end, or to where a compressed recording is torn.</summary>
    /// <param name="stream">The bytes. Whether they are compressed is seen only if it can seek.</param>
    /// <param name="limits">The limits.</param>
    /// <exception cref="RecordingException">The content is longer than <see cref="WireLimits.MaxRetainedBytes"/>.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static ReadOnlyMemory<byte> Read(Stream stream, WireLimits limits)
    {
        if (!IsCompressed(stream))
        {
            return ReadAll(stream, limits);
        }

        using var expanded = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
        return ReadAll(expanded, limits);
    }

    private static bool IsCompressed(Stream stream)
    {
        if (!stream.CanSeek)
        {
            return false;
        }

        Span<byte> magic = stackalloc byte[2];
        var at = stream.Position;
        var length = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        stream.Position = at;
        return length == magic.Length && magic is [0x1f, 0x8b];
    }

    private static ReadOnlyMemory<byte> ReadAll(Stream stream, WireLimits limits)
    {
        var longest = Math.Min(limits.MaxRetainedBytes, Array.MaxLength - 1);
        var buffer = new byte[Chunk];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                // One byte more than allowed tells that there is more.
                Array.Resize(ref buffer, (int)(2L * length < longest ? 2L * length : longest + 1));
            }

            int read;
            try
            {
                read = stream.Read(buffer, length, buffer.Length - length);
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                return buffer.AsMemory(0, length); // torn
            }

            length += read;
            if (length > longest)
            {
                throw new RecordingException(
                    $"The recording is longer than {longest} bytes. To fix: if it is to be read nevertheless, raise "
                    + $"{nameof(WireLimits)}.{nameof(WireLimits.MaxRetainedBytes)}.");
            }

            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }
        }
    }
}
