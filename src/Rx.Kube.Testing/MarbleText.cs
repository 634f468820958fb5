using System.Collections;
using System.Globalization;
using System.Text;
using Rx.Kube.Models;

namespace Rx.Kube.Testing;

/// <summary>Values and errors in the words of a failure.</summary>
internal static class MarbleText
{
    private const int LongestValue = 200;
    private const int LongestLegend = 50;

    /// <summary>How much of what two long texts have in common is shown before their difference.</summary>
    private const int Context = 40;

    /// <summary>A line for each key that is not its own value, and for each error.</summary>
    public static string Legend<T>(IReadOnlyDictionary<char, T> values, IEnumerable<KeyValuePair<string, Exception>> errors)
    {
        var lines = values.Where(v => v.Value?.ToString() != v.Key.ToString()).Select(v => $"{v.Key} = {Of(v.Value)}")
            .Concat(errors.Select(e => $"#{e.Key} = {Safe(Whole(e.Value))}")).ToList();
        var more = lines.Count > LongestLegend ? $"{Environment.NewLine}  … and {lines.Count - LongestLegend} more" : "";
        return string.Concat(lines.Take(LongestLegend).Select(l => $"{Environment.NewLine}  {l}")) + more;
    }

    public static string Of<T>(T value) => Safe(Whole(value));

    /// <summary>Two things that differ: from a little before the difference on if they are long.</summary>
    public static (string Expected, string Actual) Pair(string expected, string actual)
    {
        var same = expected.AsSpan().CommonPrefixLength(actual);
        if (same == expected.Length && same == actual.Length)
        {
            return (Safe(expected), "another that reads the same");
        }

        var from = Math.Max(expected.Length, actual.Length) > LongestValue ? Math.Max(0, same - Context) : 0;
        var before = from > 0 ? "…" : "";
        return (before + Safe(expected[from..]), before + Safe(actual[from..]));
    }

    public static string Whole<T>(T value)
    {
        var text = value switch
        {
            null => "null",
            Exception error => $"{error.GetType().Name}: {error.Message}",
            EndpointSlice slice => SliceJson.Of(slice),
            WatchEvent<EndpointSlice>.Added added => SliceJson.Added(added.Object).TrimEnd(),
            WatchEvent<EndpointSlice>.Modified modified => SliceJson.Modified(modified.Object).TrimEnd(),
            WatchEvent<EndpointSlice>.Deleted deleted => SliceJson.Deleted(deleted.Object).TrimEnd(),
            _ => value.ToString() ?? "",
        };
        if (value is IEnumerable items && text == value.GetType().ToString())
        {
            return $"[{string.Join(", ", items.Cast<object?>().Take(LongestValue).Select(Whole))}]";
        }

        return text.Length == 0 || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]) ? $"\"{text}\"" : text;
    }

    /// <summary>Without control characters, which a terminal would obey, and not endless.</summary>
    public static string Safe(string text)
    {
        var safe = new StringBuilder();
        foreach (var c in text.Length > LongestValue ? text.AsSpan(0, LongestValue) : text)
        {
            var unsafeToPrint = char.IsControl(c) || char.GetUnicodeCategory(c) is
                UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            safe.Append(c == '\n' ? "\\n" : unsafeToPrint ? $"\\u{(int)c:x4}" : c);
        }

        return safe.Append(text.Length > LongestValue ? "…" : "").ToString();
    }
}
