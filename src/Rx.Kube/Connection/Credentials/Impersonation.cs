using System.Text;

namespace Rx.Kube;

/// <summary>The Impersonate-* headers of a kubeconfig's "as" keys. Source: Kubernetes documentation "User impersonation".</summary>
internal sealed class Impersonation
{
    private readonly List<KeyValuePair<string, string>> _headers = [];

    public Impersonation(
        string user, string? uid, IEnumerable<string> groups, IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> extra)
    {
        Add("Impersonate-User", user);
        if (uid is not null)
        {
            Add("Impersonate-Uid", uid);
        }

        foreach (var group in groups)
        {
            Add("Impersonate-Group", group);
        }

        foreach (var (key, values) in extra)
        {
            foreach (var value in values)
            {
                Add("Impersonate-Extra-" + EscapeName(key), value);
            }
        }
    }

    /// <summary>The name and value of each header line, in order. A name may occur more than once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => _headers;

    /// <summary>Whether a header must be sent as several lines: the server reads one line as one value, commas included.</summary>
    public bool NeedsRepeatedLines => _headers.DistinctBy(h => h.Key, StringComparer.OrdinalIgnoreCase).Count() < _headers.Count;

    /// <summary>Whether a header line can contain a value.</summary>
    public static bool IsValid(string value) => value.Length > 0 && !value.Any(char.IsControl);

    private void Add(string name, string value) => _headers.Add(new(name, value));

    // Characters that are not token characters of RFC 9110 are percent-encoded; the server decodes them.
    private static string EscapeName(string key)
    {
        var builder = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(key))
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || "!#$&'*+-.^_`|".Contains(c, StringComparison.Ordinal))
            {
                builder.Append(c);
            }
            else
            {
                builder.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return builder.ToString();
    }
}
