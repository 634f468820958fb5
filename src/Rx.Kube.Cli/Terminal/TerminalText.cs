using System.Buffers;
using System.Globalization;
using System.Text;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Makes text from the network safe for a terminal.</summary>
internal static class TerminalText
{
    // Ends a field, or starts another one, in some line of output.
    private static readonly SearchValues<char> _separators = SearchValues.Create(" ,;\"=()<>|");

    /// <summary>
    /// Formats a name as one field of a line: escaped, and in double quotes if it has a blank or another character that separates fields. A
    /// valid name of Kubernetes has none, so a name that looks like several fields is recognized.
    /// </summary>
    /// <param name="text">The name.</param>
    /// <param name="maxLength">The maximum number of UTF-16 units of the name; an ellipsis replaces the rest.</param>
    /// <returns>One field, safe to print.</returns>
    public static string Field(string text, int maxLength = int.MaxValue) => text.AsSpan().ContainsAny(_separators)
        ? "\"" + Escape(text.Replace("\\", "\\\\", StringComparison.Ordinal), maxLength)
            .Replace("\"", "\\\"", StringComparison.Ordinal) + "\""
        : Escape(text, maxLength);

    /// <summary>
    /// Replaces every character that a terminal could interpret, or that could deceive a reader, by a visible <c>\xNN</c> or
    /// <c>\uNNNN</c>: C0, DEL, C1, line ends, blanks other than U+0020, bidirectional and other invisible characters, letters without a
    /// shape (Hangul fillers, the blank of Braille), marks that combine, unpaired surrogates, unassigned characters. All other characters
    /// stay, including brackets, because the text is never parsed as markup.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The maximum number of UTF-16 units of the text; an ellipsis replaces the rest.</param>
    /// <returns>One line, safe to print.</returns>
    public static string Escape(string text, int maxLength = int.MaxValue)
    {
        var cut = text.Length > maxLength;
        var shown = cut ? text.AsSpan(0, maxLength) : text.AsSpan();
        var index = IndexOfUnsafe(shown);
        if (index < 0)
        {
            return cut ? string.Concat(shown, "…") : text;
        }

        var result = new StringBuilder(shown.Length + 16).Append(shown[..index]);
        var rest = shown[index..];
        while (!rest.IsEmpty)
        {
            var isWhole = Rune.DecodeFromUtf16(rest, out var rune, out var length) == OperationStatus.Done;
            if (isWhole && IsSafe(rune))
            {
                result.Append(rest[..length]);
            }
            else
            {
                AppendEscaped(result, isWhole ? rune.Value : rest[0]);
            }

            rest = rest[length..];
        }

        return (cut ? result.Append('…') : result).ToString();
    }

    private static int IndexOfUnsafe(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text[i..], out var rune, out var length) != OperationStatus.Done || !IsSafe(rune))
            {
                return i;
            }

            i += length;
        }

        return -1;
    }

    private static bool IsSafe(Rune rune) => rune.Value is >= ' ' and <= '~' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or
        UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or
        UnicodeCategory.EnclosingMark or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpaceSeparator)
        && rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 or 0xFFFC or 0x1D159);

    private static void AppendEscaped(StringBuilder result, int value) => _ = value switch
    {
        '\n' => result.Append("\\n"),
        '\r' => result.Append("\\r"),
        '\t' => result.Append("\\t"),
        <= 0xFF => result.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
        <= 0xFFFF => result.Append(CultureInfo.InvariantCulture, $"\\u{value:x4}"),
        _ => result.Append(CultureInfo.InvariantCulture, $"\\U{value:x8}"),
    };
}
