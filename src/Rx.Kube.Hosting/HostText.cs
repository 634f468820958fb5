using System.Globalization;
using System.Text;

namespace Rx.Kube;

/// <summary>Text that may come from the network or from a configuration, made safe to log and to show.</summary>
internal static class HostText
{
    private const int MaxLine = 1000;

    /// <summary>Returns a text on one line: control and format characters are escaped, and a long text is cut.</summary>
    public static string Line(string? text)
    {
        var line = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (line.Length >= MaxLine)
            {
                return line.Append('…').ToString();
            }

            line.Append(
                Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
                    or UnicodeCategory.OtherNotAssigned
                    ? string.Create(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}")
                    : rune.ToString());
        }

        return line.ToString();
    }

    /// <summary>
    /// Returns the cause of an interruption. The message of a missing permission is escaped already, and its manifest needs its lines.
    /// </summary>
    public static string Cause(WatchInterruption interruption) =>
        $"{interruption.Kind}: " +
        (interruption.Error is KubeForbiddenException ? interruption.Message : Line(interruption.Message));
}
