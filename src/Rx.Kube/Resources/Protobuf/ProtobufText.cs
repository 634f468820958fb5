using System.Text.Json;

namespace Rx.Kube;

/// <summary>Reads texts: those that repeat, such as zones and names of nodes, are shared.</summary>
internal static class ProtobufText
{
    private const int LongestTime = 42; // as in System.Text.Json

    /// <summary>Reads a text that repeats.</summary>
    /// <exception cref="ProtobufException">The value is no text, or not UTF-8.</exception>
    public static string ReadString(this ref ProtobufReader reader, StringPool pool)
    {
        var ahead = reader;
        var text = ahead.ReadBytes();
        if (pool.Find(text) is { } shared)
        {
            reader = ahead;
            return shared;
        }

        return pool.Keep(text, reader.ReadString());
    }

    /// <summary>Reads a name.</summary>
    /// <exception cref="ProtobufException">The value is no text, or not UTF-8.</exception>
    public static PackedName ReadName(this ref ProtobufReader reader, StringPool strings)
    {
        var ahead = reader;
        if (PackedName.TryRead(ahead.ReadBytes(), strings, out var name))
        {
            reader = ahead;
            return name;
        }

        return PackedName.Of(reader.ReadString());
    }

    /// <summary>Reads a uid.</summary>
    /// <exception cref="ProtobufException">The value is no text, or not UTF-8.</exception>
    public static PackedUid ReadUid(this ref ProtobufReader reader)
    {
        var ahead = reader;
        if (PackedText.TryPackUid(ahead.ReadBytes(), out var uid))
        {
            reader = ahead;
            return new(uid, null);
        }

        return PackedUid.Of(reader.ReadString());
    }

    /// <summary>Reads an address, if it is an IPv4 address that can be packed; otherwise null, and it is still to be read.</summary>
    /// <exception cref="ProtobufException">The value is no text.</exception>
    public static uint? TryReadIPv4(this ref ProtobufReader reader)
    {
        var ahead = reader;
        if (PackedText.TryPackIPv4(ahead.ReadBytes(), out var address))
        {
            reader = ahead;
            return address;
        }

        return null;
    }

    /// <summary>Gets null for an empty text: protobuf has an empty one where JSON omits the field.</summary>
    public static string? OrNull(this string text) => text.Length == 0 ? null : text;

    /// <summary>Gets the time in a text, by the rules of <see cref="JsonFields.TimeOf"/>; null if it is not an RFC 3339 time.</summary>
    public static DateTimeOffset? TimeOf(ReadOnlySpan<byte> text)
    {
        if (text.Length > LongestTime || text.ContainsAnyExceptInRange((byte)'+', (byte)'z') || text.Contains((byte)'\\'))
        {
            return null;
        }

        Span<byte> quoted = stackalloc byte[LongestTime + 2];
        quoted[0] = quoted[text.Length + 1] = (byte)'"';
        text.CopyTo(quoted[1..]);
        var reader = new Utf8JsonReader(quoted[..(text.Length + 2)]);
        reader.Read();
        return JsonFields.TimeOf(ref reader);
    }
}
