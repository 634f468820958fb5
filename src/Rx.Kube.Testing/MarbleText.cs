using System.Collections;
using System.Globalization;
using System.Text;
using Rx.Kube.Models;

namespace Rx.Kube.Testing;

/// <summary>Formats values and errors for the message of a failure.</summary>
internal static class MarbleText
{
    private const int LongestValue = 200;
    private const int LongestLegend = 50;

    /// <summary>The number of common characters that are shown before the difference of two long texts.</summary>
    private const int Context = 40;

    /// <summary>Returns a line for each key that is not its own value, and for each error.</summary>
    public static string Legend<T>(IReadOnlyDictionary<char, T> values, IEnumerable<KeyValuePair<string, Exception>> errors)
    {
        var lines = values.Where(v => v.Value?.ToString() != v.Key.ToString()).Select(v => $"{v.Key} = {Of(v.Value)}")
            .Concat(errors.Select(e => $"#{e.Key} = {Safe(Whole(e.Value))}")).ToList();
        var more = lines.Count > LongestLegend ? $"{Environment.NewLine}  … and {lines.Count - LongestLegend} more" : "";
        return string.Concat(lines.Take(LongestLegend).Select(l => $"{Environment.NewLine}  {l}")) + more;
    }

    public static string Of<T>(T value) => Safe(Whole(value));

    /// <summary>Returns the texts of two values that differ; long ones from shortly before the difference.</summary>
    public static (string Expected, string Actual) Pair(string expected, string actual)
    {
        var same = expected.AsSpan().CommonPrefixLength(actual);
        if (same == expected.Length && same == actual.Length)
        {
            return (Safe(expected), "a different value with the same text");
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

    /// <summary>Escapes control characters, which a terminal would interpret, and limits the length.</summary>
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
