using System.Globalization;
using System.Text;

namespace Rx.Kube;

/// <summary>
/// Escapes and cuts text for a message: no control, format or bidi characters, bounded. Text that a server, a proxy or a plugin may have
/// chosen goes through <see cref="OutsideText"/>, which redacts first.
/// </summary>
internal static class Printable
{
    /// <summary>The accents that a letter may have, as in file names of macOS. More of them hide other lines.</summary>
    internal const int MaxMarks = 2;

    /// <summary>Escapes and cuts a text. The result of a second call is the same.</summary>
    /// <param name="text">The text; null is empty.</param>
    /// <param name="max">The most characters, without the ellipsis of a cut.</param>
    /// <param name="lines">Whether line feeds are kept: for the whole message of an exception.</param>
    public static string Of(string? text, int max = 300, bool lines = false)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var marks = MaxMarks; // none at the start
        var builder = new StringBuilder(Math.Min(text.Length, max) + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            var length = builder.Length;
            var isMark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
            marks = isMark ? marks + 1 : 0;
            if ((IsSafe(rune) && marks <= MaxMarks) || (lines && rune.Value == '\n'))
            {
                builder.Append(rune);
            }
            else
            {
                builder.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }

            if (builder.Length > max)
            {
                builder.Length = length;
                return builder.Append('…').ToString();
            }
        }

        return builder.ToString();
    }

    /// <summary>
    /// Capitalizes a description for the start of a sentence: "the file" becomes "The file"; the name of a key is not changed.
    /// </summary>
    public static string Sentence(string text) => text.StartsWith("the ", StringComparison.Ordinal) ? "The " + text[4..] : text;

    // Some letters have no shape: Hangul fillers, the blank of Braille; and variation selectors change only others.
    private static bool IsSafe(Rune rune) => rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 or 0xFFFC or 0x1D159
        or 0x034F or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF))
        && (rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.SpaceSeparator));
}
