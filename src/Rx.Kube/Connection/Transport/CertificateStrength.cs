using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube;

/// <summary>
/// Finds certificates that can be forged: signed with MD5 or SHA-1, or with a key that is too short. .NET accepts both. As in Go
/// (crypto/x509, checkSignature), the signature of a trust anchor does not matter, because it is trusted as it is; its key does, because
/// it signs the others. RSA keys need 2,048 bits (NIST SP 800-131A, CA/Browser Forum Baseline Requirements 6.1.5); Go only asks for 1,024.
/// </summary>
internal static class CertificateStrength
{
    internal const int MinRsaBits = 2048;
    internal const int MinEllipticBits = 224;

    private const string Pss = "1.2.840.113549.1.1.10";

    // The arc of NIST's algorithms with SHA-2 or SHA-3, such as ML-DSA. DSA, 1 to 8 of it, cannot be used in TLS 1.3.
    private const string NistSignatures = "2.16.840.1.101.3.4.3.";

    private static readonly HashSet<string> _signatures =
    [
        "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", // RSA with SHA-256, SHA-384, SHA-512
        "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4", // ECDSA with the same
        "1.3.101.112", "1.3.101.113", // Ed25519, Ed448
    ];

    private static readonly HashSet<string> _hashes =
        ["2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"];

    /// <summary>Finds the first weak certificate of a chain that is trusted.</summary>
    /// <param name="chain">The chain, from the peer's certificate to its trust anchor.</param>
    /// <param name="anchors">The configured trust anchors; the last certificate of the chain is one as well.</param>
    /// <returns>What is weak, in words; null for nothing.</returns>
    public static string? WeaknessOf(IReadOnlyList<X509Certificate2> chain, X509Certificate2Collection anchors)
    {
        for (var i = 0; i < chain.Count; i++)
        {
            var certificate = chain[i];
            var isAnchor = i == chain.Count - 1 || anchors.Any(a => a.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span));
            if (KeyWeakness(certificate) is { } key)
            {
                return $"\"{Printable.Of(certificate.Subject)}\" has {key}";
            }

            if (isAnchor)
            {
                return null;
            }

            if (!IsStrong(certificate))
            {
                return $"\"{Printable.Of(certificate.Subject)}\" is signed with {Printable.Of(AlgorithmOf(certificate))}";
            }
        }

        return null;
    }

    private static string? KeyWeakness(X509Certificate2 certificate)
    {
        try
        {
            using var rsa = certificate.GetRSAPublicKey();
            using var elliptic = certificate.GetECDsaPublicKey();
            return rsa is { KeySize: < MinRsaBits } ? $"an RSA key of {rsa.KeySize} bits"
                : elliptic is { KeySize: < MinEllipticBits } ? $"an EC key of {elliptic.KeySize} bits"
                : null;
        }
        catch (CryptographicException)
        {
            return "a key that cannot be read";
        }
    }

    private static bool IsStrong(X509Certificate2 certificate) => certificate.SignatureAlgorithm.Value switch
    {
        null => false,
        Pss => PssHashOf(certificate) is { } hash && _hashes.Contains(hash),
        var oid when oid.StartsWith(NistSignatures, StringComparison.Ordinal) => oid.Length > NistSignatures.Length + 1 || oid[^1] == '9',
        var oid => _signatures.Contains(oid),
    };

    private static string AlgorithmOf(X509Certificate2 certificate) => certificate.SignatureAlgorithm.Value switch
    {
        "1.2.840.113549.1.1.4" or "1.3.14.3.2.3" or "1.3.14.3.2.25" => "MD5",
        "1.2.840.113549.1.1.5" or "1.3.14.3.2.29" or "1.3.14.3.2.15" or "1.2.840.10045.4.1" or "1.2.840.10040.4.3" => "SHA-1",
        Pss => "RSA-PSS without SHA-2",
        var oid => $"{certificate.SignatureAlgorithm.FriendlyName ?? oid}, which is not known to be strong",
    };

    // Source: RFC 4055, section 3.1. Without a hash it is SHA-1.
    private static string? PssHashOf(X509Certificate2 certificate)
    {
        try
        {
            var whole = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
            whole.ReadEncodedValue();
            var algorithm = whole.ReadSequence();
            algorithm.ReadObjectIdentifier();
            var parameters = algorithm.ReadSequence();
            var tag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
            return parameters.HasData && parameters.PeekTag() == tag
                ? parameters.ReadSequence(tag).ReadSequence().ReadObjectIdentifier()
                : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
