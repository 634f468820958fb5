using System.Globalization;
using System.Text;

namespace Rx.Kube;

/// <summary>Creates text from a file or the network safe for an error message: no control, format or bidi characters, bounded.</summary>
internal static class Printable
{
    public static string Of(string? text, int max = 300)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var builder = new StringBuilder(Math.Min(text.Length, max) + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            if (builder.Length >= max)
            {
                return builder.Append('…').ToString();
            }

            if (IsSafe(rune))
            {
                builder.Append(rune);
            }
            else
            {
                builder.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }
        }

        return builder.ToString();
    }

    /// <summary>
    /// Capitalizes a description for the start of a sentence: "the file" becomes "The file"; the name of a key is not changed.
    /// </summary>
    public static string Sentence(string text) => text.StartsWith("the ", StringComparison.Ordinal) ? "The " + text[4..] : text;

    private static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
