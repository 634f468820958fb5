using System.Globalization;
using System.Text;

namespace Rx.Kube.Testing;

/// <summary>Makes text of a recording safe for a message.</summary>
internal static class SafeText
{
    /// <summary>Escapes all but printable ASCII, and cuts.</summary>
    public static string Of(string text, int max)
    {
        var safe = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, max)))
        {
            _ = c is >= ' ' and <= '~' ? safe.Append(c) : safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return text.Length > max ? safe.Append("...").ToString() : safe.ToString();
    }
}
