using System.Globalization;

namespace Rx.Kube;

/// <summary>A node of a YAML document. Aliases have been replaced by what they name, so that one node may have several parents.</summary>
/// <param name="line">The line where it starts, from 1.</param>
internal abstract class YamlNode(long line)
{
    /// <summary>Gets the line where the node starts, from 1.</summary>
    public long Line => line;

    /// <summary>Gets the number of levels below this node.</summary>
    public int Height { get; private set; }

    /// <summary>Notes a child.</summary>
    protected void Contain(YamlNode child) => Height = Math.Max(Height, child.Height + 1);
}

/// <summary>A text, number, flag or null. What a plain text means is what go-yaml v2 makes of it (resolve.go).</summary>
internal sealed class YamlScalar(string text, bool isPlain, long line) : YamlNode(line)
{
    public string Text => text;

    /// <summary>Gets whether the text has no quotes and no tag, so that it may be more than text.</summary>
    public bool IsPlain => isPlain;

    public bool IsNull => isPlain && text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>Gets the value of a flag; null for anything else.</summary>
    public bool? Flag => !isPlain ? null : text switch
    {
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => true,
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    /// <summary>Gets the value of a whole number; hexadecimal, octal, binary and underscores are allowed. Null for anything else.</summary>
    public long? Integer
    {
        get
        {
            if (!isPlain || text is not ([(>= '0' and <= '9'), ..] or [('+' or '-'), (>= '0' and <= '9'), ..]))
            {
                return null;
            }

            var digits = text.Replace("_", "", StringComparison.Ordinal);
            var sign = digits[0] == '-' ? -1 : 1;
            digits = digits.TrimStart('+', '-');
            var radix = digits switch
            {
                ['0', 'x' or 'X', ..] => 16,
                ['0', 'b' or 'B', ..] => 2,
                ['0', 'o' or 'O', ..] => 8,
                ['0', _, ..] => -8,
                _ => 10,
            };
            try
            {
                return radix == 10
                    ? long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) * sign
                    : Convert.ToInt64(radix < 0 ? digits : digits[2..], Math.Abs(radix)) * sign;
            }
            catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
            {
                return null;
            }
        }
    }

    /// <summary>Gets the value of a number with a fraction or an exponent; null for anything else.</summary>
    public double? Real => isPlain && text.Any(char.IsAsciiDigit)
        && double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
        && double.IsFinite(real)
            ? real
            : null;
}

/// <summary>A mapping, in the order of its keys.</summary>
internal sealed class YamlMapping(long line) : YamlNode(line)
{
    private readonly Dictionary<string, YamlNode> _children = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, YamlNode> Children => _children;

    /// <summary>Sets a key; the last of several values counts.</summary>
    public void Set(string key, YamlNode value)
    {
        Contain(value);
        _children[key] = value;
    }
}

/// <summary>A list.</summary>
internal sealed class YamlSequence(long line) : YamlNode(line)
{
    private readonly List<YamlNode> _items = [];

    public IReadOnlyList<YamlNode> Items => _items;

    public void Add(YamlNode item)
    {
        Contain(item);
        _items.Add(item);
    }
}
