using System.Text;

namespace Rx.Kube.Tests.Wire.Protobuf;

/// <summary>Protobuf written by hand, valid or not.</summary>
internal static class ProtobufBytes
{
    public static byte[] Number(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    public static byte[] Tag(int field, int type) => Number(((ulong)field << 3) | (uint)type);

    public static byte[] Field(int field, ulong value) => [.. Tag(field, 0), .. Number(value)];

    public static byte[] Field(int field, byte[] value) => [.. Tag(field, 2), .. Number((ulong)value.Length), .. value];

    public static byte[] Field(int field, string value) => Field(field, Encoding.UTF8.GetBytes(value));

    /// <summary>An object in its envelope.</summary>
    public static byte[] Envelope(string kind, byte[] message) =>
        [.. "k8s\0"u8, .. Field(1, [.. Field(1, "v1"), .. Field(2, kind)]), .. Field(2, message), .. Field(3, ""), .. Field(4, "")];

    /// <summary>A list of a version, with more fields between its metadata and its items.</summary>
    public static byte[] List(byte[][] items, string version = "17", string next = "", byte[]? more = null) => Envelope(
        "PodList",
        [.. Field(1, [.. Field(2, version), .. Field(3, next)]), .. more ?? [], .. items.SelectMany(item => Field(2, item))]);

    /// <summary>An object with a name, and a version.</summary>
    public static byte[] Named(string name, string version = "3") =>
        Field(1, [.. Field(1, name), .. Field(3, "default"), .. Field(6, version)]);

    /// <summary>A frame of a watch.</summary>
    public static byte[] Frame(params byte[] content) =>
        [(byte)(content.Length >> 24), (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length, .. content];

    /// <summary>An event of a watch, in its frame.</summary>
    public static byte[] Event(string type, byte[] message, string kind = "Pod") =>
        Frame([.. Field(1, type), .. Field(2, Field(1, Envelope(kind, message)))]);
}
