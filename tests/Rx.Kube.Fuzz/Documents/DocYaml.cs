using System.Text;

namespace Rx.Kube.Fuzz.Documents;

/// <summary>Writes documents as block YAML, as a kubeconfig is usually written; JSON is YAML, too.</summary>
internal static class DocYaml
{
    public static byte[] Of(Doc doc, Dice dice)
    {
        var text = new StringBuilder();
        Write(text, doc, 0, dice);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, Doc doc, int depth, Dice dice)
    {
        if (doc.Kind is DocKind.Raw or DocKind.Text || doc.Items.Count == 0 || depth > 20)
        {
            text.Append(' ').Append(Inline(doc, dice)).Append('\n');
            return;
        }

        if (depth > 0)
        {
            text.Append('\n');
        }

        for (var i = 0; i < doc.Items.Count; i++)
        {
            text.Append(' ', depth * 2).Append(doc.Kind == DocKind.Map ? Key(doc.Keys[i], dice) + ":" : "-");
            Write(text, doc.Items[i], depth + 1, dice);
        }
    }

    private static string Key(string key, Dice dice) => IsPlain(key) && !dice.OneIn(20) ? key : Inline(Doc.Of(key), dice);

    private static string Inline(Doc doc, Dice dice) => doc.Kind == DocKind.Text && IsPlain(doc.Text) && !dice.OneIn(4)
        ? doc.Text
        : doc.Kind == DocKind.Text && dice.OneIn(4) && !doc.Text.Any(c => c is '\'' or < ' ' || char.IsSurrogate(c) || c > '~')
        ? $"'{doc.Text}'"
        : Encoding.UTF8.GetString(DocText.Of(doc));

    // A letter first, so that it is text, and not one of YAML's words.
    private static bool IsPlain(string text) => text.Length > 5 && char.IsAsciiLetter(text[0]) && !text.EndsWith(':')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '/' or ':')
        && !text.Contains(": ", StringComparison.Ordinal);
}
