using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Rx.Kube.Tests.Connection.Echoes;

/// <summary>A secret of a test: the forms in which a peer echoes it, and the search for what is left of it in a text.</summary>
internal static class Secret
{
    /// <summary>The shortest piece that may not be left.</summary>
    private const int Piece = 8;

    private static readonly ConcurrentDictionary<string, Dictionary<string, string>> _pieces = new();

    /// <summary>A token with the characters of a JWT, none of whose pieces is a word.</summary>
    public const string Token = "eyXq7vK2mZ.p9Lw4RtYc8Bn-Gh3Jd6_Fs5QaVx1TuWoEiNz";

    /// <summary>A password with characters that each encoding escapes in another way.</summary>
    public const string Password = "k8/Zq+9:vX w2&mT<7yR=bL%c";

    /// <summary>What a peer makes of a secret. Add a row here; each is echoed at each place.</summary>
    public static (string Name, Func<string, string> Of)[] Forms { get; } =
    [
        ("plain", s => s),
        ("upper", s => s.ToUpperInvariant()),
        ("base64", s => Convert.ToBase64String(Bytes(s))),
        ("base64 without padding", s => Convert.ToBase64String(Bytes(s)).TrimEnd('=')),
        ("base64url", s => Convert.ToBase64String(Bytes(s)).TrimEnd('=').Replace('+', '-').Replace('/', '_')),
        ("base64 of a line", s => Convert.ToBase64String(Bytes("a:" + s + "\r\n"))),
        ("base64 of a login", s => Convert.ToBase64String(Bytes("bob:" + s))),
        ("base64 of a longer login", s => Convert.ToBase64String(Bytes("carl:" + s))),
        ("hex", s => Convert.ToHexStringLower(Bytes(s))),
        ("HEX", s => Convert.ToHexString(Bytes(s))),
        ("dashed hex", s => BitConverter.ToString(Bytes(s))),
        ("URL", Uri.EscapeDataString),
        ("form", s => WebUtility.UrlEncode(s)),
        ("URL of base64", s => Uri.EscapeDataString(Convert.ToBase64String(Bytes(s)))),
        ("JSON", s => JsonEncodedText.Encode(s).ToString()),
        ("HTML", s => WebUtility.HtmlEncode(s)),
        ("login", s => "bob:" + s),
        ("beginning", s => s[..13]),
        ("end", s => s[^13..]),
        ("middle", s => s[3..^3]),
    ];

    /// <summary>Finds a secret, a piece of a form of it, or a control character.</summary>
    /// <returns>What was found, and where; null for nothing.</returns>
    public static string? Find(string text, IReadOnlyCollection<string> secrets)
    {
        string? form = null;
        for (var i = 0; i + Piece <= text.Length; i++)
        {
            var piece = text.Substring(i, Piece);
            if (secrets.Select(s => _pieces.GetOrAdd(s, PiecesOf)).Any(pieces => pieces.TryGetValue(piece, out form)))
            {
                return $"'{piece}' of the form {form}";
            }
        }

        var control = text.FirstOrDefault(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));
        return control == default ? null : string.Create(CultureInfo.InvariantCulture, $"the control character {(int)control:x2}");
    }

    private static Dictionary<string, string> PiecesOf(string secret)
    {
        var pieces = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, of) in Forms)
        {
            var form = of(secret);
            for (var i = 0; i + Piece <= form.Length; i++)
            {
                pieces.TryAdd(form.Substring(i, Piece), name);
            }
        }

        return pieces;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
