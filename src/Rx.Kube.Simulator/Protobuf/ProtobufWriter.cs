using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Rx.Kube.Simulator.Protobuf;

/// <summary>
/// Writes the JSON of an object as the protobuf that a real server sends for it: byte by byte the same, where the tables have all fields.
/// </summary>
internal static class ProtobufWriter
{
    private const int Number = 0;
    private const int Bytes = 2;

    /// <summary>The object without an envelope, as it is in a list.</summary>
    /// <param name="message">The name of the message.</param>
    /// <param name="json">The object.</param>
    internal static byte[] Message(string message, JsonElement json)
    {
        var to = new ArrayBufferWriter<byte>();
        foreach (var field in ProtobufTypes.FieldsOf(message))
        {
            var value = json.ValueKind == JsonValueKind.Object && json.TryGetProperty(field.Name, out var found) ? found : default;
            if (field.Repeated && value.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in value.EnumerateArray()) Field(to, field, item);
            }
            else if (value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null) || field.Always)
            {
                Field(to, field, value);
            }
        }
        return to.WrittenSpan.ToArray();
    }

    /// <summary>Puts the envelope around an object.</summary>
    internal static byte[] Envelope(string apiVersion, string kind, ReadOnlySpan<byte> message)
    {
        var to = new ArrayBufferWriter<byte>();
        BeginEnvelope(to, apiVersion, kind, message.Length);
        to.Write(message);
        EndEnvelope(to);
        return to.WrittenSpan.ToArray();
    }

    /// <summary>Writes what comes before a message of so many bytes.</summary>
    internal static void BeginEnvelope(IBufferWriter<byte> to, string apiVersion, string kind, long length)
    {
        var type = new ArrayBufferWriter<byte>();
        Put(type, 1, Encoding.UTF8.GetBytes(apiVersion));
        Put(type, 2, Encoding.UTF8.GetBytes(kind));
        to.Write("k8s\0"u8);
        Put(to, 1, type.WrittenSpan);
        Tag(to, 2, Bytes);
        Varint(to, (ulong)length);
    }

    /// <summary>Writes what comes after the message: the encoding and the type of the content, which are empty.</summary>
    internal static void EndEnvelope(IBufferWriter<byte> to)
    {
        Put(to, 3, []);
        Put(to, 4, []);
    }

    /// <summary>An event of a watch, with its length before it.</summary>
    /// <param name="type">The type, such as <c>ADDED</c>.</param>
    /// <param name="enveloped">The object in its envelope.</param>
    internal static byte[] Frame(string type, ReadOnlySpan<byte> enveloped)
    {
        var raw = new ArrayBufferWriter<byte>();
        Put(raw, 1, enveloped);
        var to = new ArrayBufferWriter<byte>();
        Put(to, 1, Encoding.UTF8.GetBytes(type));
        Put(to, 2, raw.WrittenSpan);
        return Frame(to.WrittenSpan);
    }

    /// <summary>Any bytes, with their length before them.</summary>
    internal static byte[] Frame(ReadOnlySpan<byte> content)
    {
        var frame = new byte[4 + content.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame, content.Length);
        content.CopyTo(frame.AsSpan(4));
        return frame;
    }

    /// <summary>Writes a field whose value has a length: a text, or a message.</summary>
    internal static void Put(IBufferWriter<byte> to, int field, ReadOnlySpan<byte> value)
    {
        Tag(to, field, Bytes);
        Varint(to, (ulong)value.Length);
        to.Write(value);
    }

    /// <summary>The number of bytes of such a field.</summary>
    internal static long SizeOf(int field, long length) => SizeOf((ulong)field << 3) + SizeOf((ulong)length) + length;

    private static int SizeOf(ulong number)
    {
        var size = 1;
        for (; number >= 0x80; number >>= 7) size++;
        return size;
    }

    private static void Field(IBufferWriter<byte> to, ProtobufField field, JsonElement value)
    {
        switch (field.Type)
        {
            case "b" or "i" when value.ValueKind is not (JsonValueKind.String or JsonValueKind.Object or JsonValueKind.Array):
                Tag(to, field.Number, Number);
                Varint(to, value.ValueKind switch
                {
                    JsonValueKind.True => 1UL,
                    JsonValueKind.Number => value.TryGetInt64(out var number) ? (ulong)number : 0,
                    _ => 0UL,
                });
                break;
            case "m" or "n" when value.ValueKind == JsonValueKind.Object:
                foreach (var entry in value.EnumerateObject().OrderBy(e => e.Name, StringComparer.Ordinal))
                    Put(to, field.Number, Entry(entry, isQuantity: field.Type == "n"));
                break;
            case "s" when value.ValueKind is JsonValueKind.String:
                Put(to, field.Number, Text(value));
                break;
            case "t":
                Put(to, field.Number, Time(value));
                break;
            case "j":
                Put(to, field.Number, Raw(value));
                break;
            default:
                Other(to, field, value);
                break;
        }
    }

    private static void Other(IBufferWriter<byte> to, ProtobufField field, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number)
        {
            // The JSON is no object of this kind, and so must the bytes be none: a number where a text or a message is expected.
            Tag(to, field.Number, Number);
            Varint(to, 5);
        }
        else
        {
            var content = char.IsAsciiLetterUpper(field.Type[0]) ? Message(field.Type, value)
                : value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? [0xff] // no text
                : Text(value);
            Put(to, field.Number, content);
        }
    }

    private static byte[] Entry(JsonProperty entry, bool isQuantity)
    {
        var to = new ArrayBufferWriter<byte>();
        Put(to, 1, Encoding.UTF8.GetBytes(entry.Name));
        Put(to, 2, isQuantity ? Quantity(entry.Value) : Text(entry.Value));
        return to.WrittenSpan.ToArray();
    }

    private static byte[] Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(value.GetString()!) : [];

    private static byte[] Quantity(JsonElement value)
    {
        var to = new ArrayBufferWriter<byte>();
        Put(to, 1, Encoding.UTF8.GetBytes(value.ToString()));
        return to.WrittenSpan.ToArray();
    }

    private static byte[] Raw(JsonElement value)
    {
        var to = new ArrayBufferWriter<byte>();
        Put(to, 1, Encoding.UTF8.GetBytes(value.GetRawText()));
        return to.WrittenSpan.ToArray();
    }

    private static byte[] Time(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String
            || !DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return [];
        var to = new ArrayBufferWriter<byte>();
        Tag(to, 1, Number);
        Varint(to, (ulong)time.ToUnixTimeSeconds());
        Tag(to, 2, Number);
        Varint(to, 0);
        return to.WrittenSpan.ToArray();
    }

    private static void Tag(IBufferWriter<byte> to, int field, int type) => Varint(to, ((ulong)field << 3) | (uint)type);

    private static void Varint(IBufferWriter<byte> to, ulong value)
    {
        var span = to.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7) span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        to.Advance(length);
    }
}
