using System.Globalization;
using System.Text;

namespace Rx.Kube.Fuzz.Documents;

/// <summary>
/// Writes documents as protobuf. A map is a message, and its keys are the numbers of its fields; a list is a repeated field. The key
/// <see cref="Magic"/> is the beginning of an envelope.
/// </summary>
/// <param name="dice">Chooses among the spellings of a number; null for the shortest.</param>
internal sealed class DocProtobuf(Dice? dice = null)
{
    public const string Magic = "k8s";

    private readonly bool _isLong = dice is not null && dice.OneIn(8);

    /// <summary>Writes one message.</summary>
    public byte[] Message(Doc doc)
    {
        var to = new MemoryStream();
        for (var i = 0; i < doc.Items.Count; i++)
        {
            var key = i < doc.Keys.Count ? doc.Keys[i] : "";
            if (key == Magic)
            {
                to.Write("k8s\0"u8);
            }
            else
            {
                Field(to, NumberOf(key), doc.Items[i]);
            }
        }

        return to.ToArray();
    }

    // A name that is no number is a field that no reader knows.
    private static int NumberOf(string key) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 100 + key.Length;

    private void Field(MemoryStream to, int field, Doc value)
    {
        switch (value.Kind)
        {
            case DocKind.List:
                value.Items.ForEach(item => Field(to, field, item));
                break;
            case DocKind.Map:
                Bytes(to, field, Message(value));
                break;
            case DocKind.Text:
                Bytes(to, field, Utf8(value.Text));
                break;
            case DocKind.Raw when value.Text == "null":
                break;
            case DocKind.Raw when value.Text is "true" or "false":
                Number(to, field, value.Text == "true" ? 1UL : 0);
                break;
            case DocKind.Raw when long.TryParse(value.Text, CultureInfo.InvariantCulture, out var number):
                Number(to, field, (ulong)number);
                break;
            default:
                var isEight = value.Text.Length % 2 == 0;
                Varint(to, ((ulong)field << 3) | (isEight ? 1UL : 5UL));
                to.Write(new byte[isEight ? 8 : 4]);
                break;
        }
    }

    // Half of a surrogate pair becomes bytes that are no UTF-8.
    private static byte[] Utf8(string text)
    {
        byte[] half = HasHalfOfAPair(text) ? [0xed, 0xa0, 0x80] : [];
        return [.. half, .. Encoding.UTF8.GetBytes(text)];
    }

    // Not by the replacement character, which a text may have of its own.
    private static bool HasHalfOfAPair(string text)
    {
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i))
            {
                return true;
            }
        }

        return false;
    }

    private void Number(MemoryStream to, int field, ulong value)
    {
        Varint(to, (ulong)field << 3);
        Varint(to, value);
    }

    private void Bytes(MemoryStream to, int field, byte[] value)
    {
        Varint(to, ((ulong)field << 3) | 2);
        Varint(to, (ulong)value.Length);
        to.Write(value);
    }

    private void Varint(MemoryStream to, ulong value)
    {
        var length = 1;
        for (; value >= 0x80; value >>= 7, length++)
        {
            to.WriteByte((byte)(value | 0x80));
        }

        if (_isLong && length < 5 && dice!.OneIn(4))
        {
            to.WriteByte((byte)(value | 0x80));
            to.WriteByte(0); // the same number, in one byte more
        }
        else
        {
            to.WriteByte((byte)value);
        }
    }
}
