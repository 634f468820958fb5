using System.Text;

namespace Rx.Kube.Fuzz.Documents;

/// <summary>Damages documents in their structure, and texts in their bytes.</summary>
internal static class Mutation
{
    private static readonly string[] _raws =
    [
        "null", "true", "false", "0", "-0", "-1", "1e999", "1E-400", "0.1", "2147483648", "-9223372036854775809",
        "99999999999999999999999999", "NaN", "01", "tru", "", "{", "]", "'x'", "\"\\ud800\"", "\"\\ud83d\"", "\"\\q\"", "/**/1",
    ];

    private static readonly byte[][] _pieces =
    [
        .. new[]
        {
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\n", "\r\n", "\r", "\0", "null", "0", "1e999", "\u001b",
            "\"name\":", "}{", "\n\n", "{\"type\":\"ADDED\",\"object\":{}}", "\"object\":", "\ufeff", "---\n", "&a ", "*a", "<<: ",
            "!!binary ", "|\n", "\t", "? ", "# ", "%", "@", "://", "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "=", "0x",
            "9999999999",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x80], [0x80], [0xff, 0xfe], [0xfe, 0xff],
    ];

    /// <summary>Damages one node of a document.</summary>
    public static void Structure(Doc root, Dice dice)
    {
        var holder = root;
        while (dice.Below(4) > 0 && holder.Items.Count > 0)
        {
            var next = holder.Items[dice.Below(holder.Items.Count)];
            if (next.Items.Count == 0)
            {
                break;
            }

            holder = next;
        }

        if (holder.Items.Count == 0)
        {
            return;
        }

        var isMap = holder.Kind == DocKind.Map;
        var at = dice.Below(holder.Items.Count);
        var item = holder.Items[at];
        switch (dice.Below(14))
        {
            case 0:
                holder.Items.RemoveAt(at);
                if (isMap)
                {
                    holder.Keys.RemoveAt(at);
                }

                break;
            case 1:
                Insert(holder, dice.Below(holder.Items.Count + 1), isMap ? holder.Keys[at] : "", item.Copy()); // also a key twice
                break;
            case 2:
                var other = dice.Below(holder.Items.Count);
                (holder.Items[at], holder.Items[other]) = (holder.Items[other], item);
                break;
            case 3:
                holder.Items[at] = Doc.List(item);
                break;
            case 4:
                holder.Items[at] = Doc.Map().With(Words.Any(dice), item);
                break;
            case 5:
                holder.Items[at] = Deep(dice, item);
                break;
            case 6:
                holder.Items[at] = Doc.Null();
                break;
            case 7 or 8:
                holder.Items[at] = Doc.Raw(dice.Of<string>(_raws));
                break;
            case 9:
                holder.Items[at] = Doc.Of(Words.Bad(dice));
                break;
            case 10 when isMap:
                holder.Keys[at] = dice.OneIn(2) ? Words.Bad(dice) : holder.Keys[dice.Below(holder.Keys.Count)];
                break;
            case 11:
                Insert(holder, at, Words.Bad(dice), Doc.Of(Words.Any(dice)));
                break;
            case 12:
                for (var i = 1 << dice.Below(5); i > 0; i--)
                {
                    Insert(holder, at, isMap ? $"k{i}" : "", item);
                }

                break;
            default:
                holder.Items[at] = item.Kind == DocKind.Text ? Doc.Raw(item.Text) : Doc.Of(item.Text);
                break;
        }
    }

    /// <summary>Damages bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="other">Another input, to splice with.</param>
    /// <param name="dice">Chooses.</param>
    public static byte[] Bytes(byte[] bytes, byte[] other, Dice dice)
    {
        var at = dice.Below(bytes.Length + 1);
        var length = dice.Below(Math.Min(64, bytes.Length - at) + 1);
        switch (dice.Below(9))
        {
            case 0 when at < bytes.Length:
                bytes = [.. bytes];
                bytes[at] ^= (byte)(1 << dice.Below(8));
                return bytes;
            case 1 when at < bytes.Length:
                bytes = [.. bytes];
                bytes[at] = (byte)dice.Below(256);
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + length)];
            case 4 or 5:
                return [.. bytes.AsSpan(0, at), .. dice.Of<byte[]>(_pieces), .. bytes.AsSpan(at)];
            case 6:
                var from = dice.Below(other.Length + 1);
                return [.. bytes.AsSpan(0, at), .. other.AsSpan(from)];
            case 7:
                return Repeat(bytes, at, length, dice.OneIn(200) ? Math.Max(1, 200_000 / (length + 1)) : 1 << dice.Below(7));
            default:
                return Repeat([.. bytes.AsSpan(0, at), (byte)'[', .. bytes.AsSpan(at)], at, 1, 1 << dice.Below(13));
        }
    }

    private static byte[] Repeat(byte[] bytes, int at, int length, int times)
    {
        var result = new byte[bytes.Length + (length * times)];
        bytes.AsSpan(0, at).CopyTo(result);
        for (var i = 0; i < times; i++)
        {
            bytes.AsSpan(at, length).CopyTo(result.AsSpan(at + (i * length)));
        }

        bytes.AsSpan(at).CopyTo(result.AsSpan(at + (times * length)));
        return result;
    }

    private static void Insert(Doc holder, int at, string key, Doc item)
    {
        holder.Items.Insert(at, item);
        if (holder.Kind == DocKind.Map)
        {
            holder.Keys.Insert(at, key);
        }
    }

    private static Doc Deep(Dice dice, Doc inner)
    {
        var (open, close) = dice.OneIn(2) ? ("[", "]") : ("{\"a\":", "}");
        var levels = dice.OneIn(100) ? 10_050 + dice.Below(100) : dice.Of<int>([3, 30, 31, 32, 60, 61, 62, 63, 64, 65, 100]);
        var text = new StringBuilder(open.Length * levels * 2);
        text.Insert(0, open, levels).Append(Encoding.UTF8.GetString(DocText.Of(inner)));
        return Doc.Raw(text.Insert(text.Length, close, levels).ToString());
    }
}
