using System.Text;
using System.Text.RegularExpressions;

namespace Rx.Kube;

/// <summary>
/// Finds pieces of secrets in a text. Eight characters in a row of any form of a secret are a piece, so that the rest of a secret that was
/// cut, at either end, is found as well. A form of six or seven characters is found as a whole word, so that it does not eat parts of other
/// words. Immutable.
/// </summary>
internal sealed class SecretPieces
{
    /// <summary>The length of a piece, in characters.</summary>
    internal const int Length = 8;

    /// <summary>The length of the shortest secret, in characters: what is shorter could be any word.</summary>
    internal const int Shortest = 6;

    private const string Mark = "***";
    private readonly ulong[] _pieces;
    private readonly Regex? _words;

    /// <summary>Prepares the search: about 100 KB for a token of 1,000 characters.</summary>
    public SecretPieces(IEnumerable<string> secrets)
    {
        var (pieces, words) = (new HashSet<ulong>(), new HashSet<string>());
        foreach (var form in secrets.Where(s => s.Length >= Shortest).SelectMany(SecretEncodings.Of))
        {
            if (form.Length is >= Shortest and < Length)
            {
                words.Add(form);
            }

            var piece = 0UL;
            for (var i = 0; i < form.Length; i++)
            {
                piece = Next(piece, form[i]);
                if (i >= Length - 1)
                {
                    pieces.Add(piece);
                }
            }
        }

        _pieces = [.. pieces.Order()];
        _words = words.Count == 0 ? null : new Regex(
            $@"(?<![\p{{L}}\p{{Nd}}])(?:{string.Join('|', words.Select(Regex.Escape))})(?![\p{{L}}\p{{Nd}}])",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }

    /// <summary>Replaces each run of pieces by three asterisks. Returns the same object if there is none.</summary>
    public string Redact(string text)
    {
        var result = new StringBuilder();
        var (piece, done) = (0UL, 0);
        for (var i = 0; _pieces.Length > 0 && i < text.Length; i++)
        {
            piece = Next(piece, text[i]);
            if (i < Length - 1 || Array.BinarySearch(_pieces, piece) < 0)
            {
                continue;
            }

            var start = i - Length + 1;
            if (start > done || result.Length == 0)
            {
                result.Append(text.AsSpan(done, start - done)).Append(Mark);
            }

            done = i + 1;
        }

        text = done == 0 ? text : result.Append(text.AsSpan(done)).ToString();
        return _words?.Replace(text, Mark) ?? text;
    }

    // Eight characters fit exactly, as long as they are ASCII. Others may be taken for each other, which redacts too much.
    private static ulong Next(ulong piece, char c) =>
        (piece << 8) | (c < 0x80 ? (byte)char.ToLowerInvariant(c) : (byte)((c ^ (c >> 8)) | 0x80));
}
