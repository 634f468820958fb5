using System.Globalization;
using System.Text;

namespace Rx.Kube.Testing;

/// <summary>Values and errors in the words of a failure.</summary>
internal static class MarbleText
{
    private const int LongestValue = 200;
    private const int LongestLegend = 30;

    /// <summary>A line for each key that is not its own value, and for each error.</summary>
    public static string Legend<T>(IReadOnlyDictionary<char, T> values, IEnumerable<KeyValuePair<string, Exception>> errors)
    {
        var lines = values.Where(v => v.Value?.ToString() != v.Key.ToString()).Select(v => $"{v.Key} = {Of(v.Value)}")
            .Concat(errors.Select(e => $"#{e.Key} = {Of(e.Value)}")).ToList();
        var more = lines.Count > LongestLegend ? $"{Environment.NewLine}  … and {lines.Count - LongestLegend} more" : "";
        return string.Concat(lines.Take(LongestLegend).Select(l => $"{Environment.NewLine}  {l}")) + more;
    }

    public static string Of(Exception error) => Safe($"{error.GetType().Name}: {error.Message}");

    public static string Of<T>(T value) => Safe(value?.ToString() ?? "null");

    /// <summary>Without control characters, which a terminal would obey, and not endless.</summary>
    private static string Safe(string text)
    {
        var safe = new StringBuilder();
        foreach (var c in text.Length > LongestValue ? text.AsSpan(0, LongestValue) : text)
        {
            var unsafeToPrint = char.IsControl(c) || char.GetUnicodeCategory(c) is
                UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            safe.Append(unsafeToPrint ? $"\\u{(int)c:x4}" : c);
        }

        return safe.Append(text.Length > LongestValue ? "…" : "").ToString();
    }
}
