using System.Net;
using System.Text;
using System.Text.Encodings.Web;

namespace Rx.Kube;

/// <summary>
/// The forms in which a peer may echo a secret: as it is, escaped for a URL, HTML, JSON or a message, in hexadecimal, and in base64, also
/// when other text surrounds the secret in it. Letters of both cases are equal (<see cref="SecretPieces"/>).
/// </summary>
internal static class SecretEncodings
{
    /// <summary>Gets all forms of a secret.</summary>
    public static IEnumerable<string> Of(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        return Texts(secret)
            .Append(Convert.ToHexString(bytes))
            .Append(BitConverter.ToString(bytes)) // as .NET quotes the size of a chunk
            .Concat(Base64(bytes).SelectMany(text => (string[])
            [
                text, Uri.EscapeDataString(text), text.Replace('+', '-').Replace('/', '_'),
            ]))
            .Distinct();
    }

    private static IEnumerable<string> Texts(string secret) =>
    [
        secret,
        Printable.Of(secret, int.MaxValue),
        Uri.EscapeDataString(secret),
        WebUtility.UrlEncode(secret),
        WebUtility.HtmlEncode(secret),
        JavaScriptEncoder.Default.Encode(secret),
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret),
    ];

    // The encoding by itself, and what of it does not depend on the neighbours when it begins one or two bytes into a group of three.
    private static IEnumerable<string> Base64(byte[] bytes)
    {
        yield return Convert.ToBase64String(bytes);
        for (var shift = 0; shift < 3; shift++)
        {
            byte[] shifted = [.. new byte[shift], .. bytes];
            var first = ((8 * shift) + 5) / 6;
            yield return Convert.ToBase64String(shifted)[first..(8 * shifted.Length / 6)];
        }
    }
}
