using System.Text;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Selectors;

/// <summary>
/// A selector over <c>metadata.name</c> and <c>metadata.namespace</c>, the only fields that every resource supports.
/// </summary>
internal sealed class FieldSelector
{
    private readonly List<(string Field, bool Equal, string Value)> _terms = [];

    internal bool IsEmpty => _terms.Count == 0;

    /// <summary>The one requested name, or null.</summary>
    internal string? Name => _terms.Find(t => t is { Field: "metadata.name", Equal: true }).Value;

    internal static FieldSelector Parse(string? text)
    {
        var selector = new FieldSelector();
        foreach (var term in Split(text ?? ""))
        {
            if (term.Length == 0) continue;
            selector._terms.Add(Term(term, text!));
        }
        return selector;
    }

    internal bool Matches(StoredObject o) =>
        _terms.TrueForAll(t => (t.Field == "metadata.name" ? o.Name : o.Namespace) == t.Value == t.Equal);

    private static (string, bool, string) Term(string term, string whole)
    {
        for (var i = 0; i < term.Length; i++)
        {
            var (equal, length) = term.AsSpan(i) switch
            {
                ['!', '=', ..] => (false, 2),
                ['=', '=', ..] => (true, 2),
                ['=', ..] => (true, 1),
                _ => (false, 0),
            };
            if (length == 0) continue;
            var field = term[..i];
            if (field is not ("metadata.name" or "metadata.namespace"))
            {
                throw Errors.BadRequest(
                    $"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
            }
            return (field, equal, Unescape(term[(i + length)..]));
        }
        throw Errors.BadRequest($"invalid selector: '{whole}'; can't understand '{term}'");
    }

    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == ',')
            {
                yield return text[start..i];
                start = i + 1;
            }
        }
        yield return text[start..];
    }

    private static string Unescape(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal)) return value;
        var result = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\') result.Append(value[i]);
            else if (++i < value.Length && value[i] is '\\' or ',' or '=') result.Append(value[i]);
            else throw Errors.BadRequest($"invalid field selector: invalid escape sequence in '{value}'");
        }
        return result.ToString();
    }
}
