using System.Buffers;
using System.Text;

namespace Rx.Kube.Fuzz.Documents;

/// <summary>Writes documents as JSON, in every spelling that JSON has: escapes in texts and keys, white space, new lines.</summary>
/// <param name="dice">Chooses the spelling; null for the shortest.</param>
/// <param name="lines">Whether white space may contain line ends.</param>
internal sealed class DocText(Dice? dice = null, bool lines = false)
{
    private readonly ArrayBufferWriter<byte> _bytes = new(512);
    private readonly int _escapes = dice is null ? 0 : dice.OneIn(8) ? 3 : dice.OneIn(4) ? 30 : 0;
    private readonly bool _spaces = dice is not null && (lines || dice.OneIn(6));

    /// <summary>Gets whether what it writes may have line ends.</summary>
    public bool HasLines => _spaces && lines;

    /// <summary>Writes one document in the shortest spelling.</summary>
    public static byte[] Of(Doc doc) => new DocText().Add(doc).ToArray();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public DocText Add(Doc doc)
    {
        Write(doc);
        return this;
    }

    public DocText Add(string text)
    {
        Encoding.UTF8.GetBytes(text, _bytes);
        return this;
    }

    private void Write(Doc doc)
    {
        Space();
        switch (doc.Kind)
        {
            case DocKind.Raw:
                Add(doc.Text);
                break;
            case DocKind.Text:
                Quote(doc.Text);
                break;
            default:
                var isMap = doc.Kind == DocKind.Map;
                Put(isMap ? (byte)'{' : (byte)'[');
                for (var i = 0; i < doc.Items.Count; i++)
                {
                    if (i > 0)
                    {
                        Put((byte)',');
                    }

                    if (isMap)
                    {
                        Space();
                        Quote(doc.Keys[i]);
                        Space();
                        Put((byte)':');
                    }

                    Write(doc.Items[i]);
                }

                Space();
                Put(isMap ? (byte)'}' : (byte)']');
                break;
        }
    }

    private void Space()
    {
        if (_spaces && dice!.OneIn(3))
        {
            Add(dice.Of<string>([" ", "  ", "\t", lines ? "\n" : " ", lines ? "\r\n" : "\t "]));
        }
    }

    private void Quote(string text)
    {
        Put((byte)'"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var isPair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (isPair && _escapes == 0)
            {
                Encoding.UTF8.GetBytes(text.AsSpan(i++, 2), _bytes);
            }
            else if (isPair)
            {
                Escape(c);
                Escape(text[++i]); // half a pair as bytes would not be UTF-8
            }
            else if (c < 0x20 || c is '"' or '\\' || (_escapes > 0 && dice!.OneIn(_escapes)))
            {
                Escape(c);
            }
            else if (c < 0x80)
            {
                var end = i + 1;
                while (_escapes == 0 && end < text.Length && text[end] is >= ' ' and < '\x80' and not '"' and not '\\')
                {
                    end++;
                }

                Encoding.UTF8.GetBytes(text.AsSpan(i, end - i), _bytes);
                i = end - 1;
            }
            else if (!char.IsSurrogate(c))
            {
                Encoding.UTF8.GetBytes(text.AsSpan(i, 1), _bytes);
            }
            else if (dice is null || dice.OneIn(2))
            {
                Escape(c);
            }
            else
            {
                _bytes.Write([(byte)(0xe0 | (c >> 12)), (byte)(0x80 | ((c >> 6) & 0x3f)), (byte)(0x80 | (c & 0x3f))]); // not UTF-8
            }
        }

        Put((byte)'"');
    }

    private void Escape(char c)
    {
        var shortForm = c switch { '"' => "\\\"", '\\' => "\\\\", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", '/' => "\\/", _ => null };
        Add(shortForm is not null && (dice is null || dice.OneIn(2)) ? shortForm : $"\\u{(int)c:x4}");
    }

    private void Put(byte one)
    {
        _bytes.GetSpan(1)[0] = one;
        _bytes.Advance(1);
    }
}
