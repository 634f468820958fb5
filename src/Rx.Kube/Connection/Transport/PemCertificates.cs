using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube;

/// <summary>Reads the certificates in PEM text. As in Go (AppendCertsFromPEM), what cannot be parsed is skipped.</summary>
internal static class PemCertificates
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";

    /// <summary>Reads all certificates.</summary>
    /// <returns>The certificates, in their order, and the line numbers of the entries that cannot be parsed.</returns>
    public static (X509Certificate2Collection Certificates, IReadOnlyList<int> Skipped) Read(string pem)
    {
        var (certificates, skipped) = (new X509Certificate2Collection(), new List<int>());
        var (line, counted) = (1, 0);
        for (var start = Next(pem, 0); start >= 0;)
        {
            line += pem.AsSpan(counted..start).Count('\n');
            counted = start;
            var next = Next(pem, start + Begin.Length);
            if (Parse(pem.AsSpan(start..(next < 0 ? pem.Length : next))) is { } certificate)
            {
                certificates.Add(certificate);
            }
            else
            {
                skipped.Add(line);
            }

            start = next;
        }

        return (certificates, skipped);
    }

    /// <summary>Describes the skipped entries.</summary>
    public static string Describe(string source, IReadOnlyList<int> skipped) =>
        $"{Printable.Sentence(source)} has {skipped.Count} certificate{(skipped.Count == 1 ? "" : "s")} that cannot be parsed, at line "
        + $"{string.Join(", ", skipped.Take(10))}{(skipped.Count > 10 ? " and others" : "")}: skipped";

    private static int Next(string pem, int from) => pem.IndexOf(Begin, from, StringComparison.Ordinal);

    private static X509Certificate2? Parse(ReadOnlySpan<char> entry)
    {
        if (!PemEncoding.TryFind(entry, out var fields) || !entry[fields.Label].SequenceEqual("CERTIFICATE"))
        {
            return null;
        }

        var der = new byte[fields.DecodedDataLength];
        try
        {
            return Convert.TryFromBase64Chars(entry[fields.Base64Data], der, out var length)
                ? X509CertificateLoader.LoadCertificate(der.AsSpan(0, length))
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
