using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube.Tests.Connection.Support;

/// <summary>Certificates with any hash and any size of key, also those that .NET does not make by itself.</summary>
internal static class WeakCertificates
{
    public static X509Certificate2 Issue(
        string subject, X509Certificate2? issuer, int bits = 2048, string hash = "SHA256", bool isAuthority = false)
    {
        using var key = RSA.Create(bits);
        return Issue(subject, issuer, new CertificateRequest($"CN={subject}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            c => c.CopyWithPrivateKey(key), key, hash, isAuthority);
    }

    public static X509Certificate2 IssueElliptic(string subject, X509Certificate2 issuer, ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        return Issue(subject, issuer, new CertificateRequest($"CN={subject}", key, HashAlgorithmName.SHA256),
            c => c.CopyWithPrivateKey(key), null, "SHA256", false);
    }

    private static X509Certificate2 Issue(
        string subject, X509Certificate2? issuer, CertificateRequest request, Func<X509Certificate2, X509Certificate2> withKey, RSA? own,
        string hash, bool isAuthority)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        if (!isAuthority)
        {
            var san = new SubjectAlternativeNameBuilder();
            san.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(san.Build());
        }

        using var signer = issuer?.GetRSAPrivateKey();
        using var issued = request.Create(
            issuer?.SubjectName ?? new X500DistinguishedName($"CN={subject}"), new Generator(signer ?? own!, hash),
            DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30), RandomNumberGenerator.GetBytes(8));
        using var complete = withKey(issued);
        return X509CertificateLoader.LoadPkcs12(complete.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private sealed class Generator(RSA key, string hash) : X509SignatureGenerator
    {
        private readonly bool _isPss = hash.StartsWith("PSS-", StringComparison.Ordinal);

        private HashAlgorithmName Hash => new(hash.Replace("PSS-", "", StringComparison.Ordinal));

        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
        {
            if (hash == "PSS-SHA256")
            {
                return CreateForRSA(key, RSASignaturePadding.Pss).GetSignatureAlgorithmIdentifier(HashAlgorithmName.SHA256);
            }

            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(hash switch
                {
                    "MD5" => "1.2.840.113549.1.1.4",
                    "SHA1" => "1.2.840.113549.1.1.5",
                    "SHA256" => "1.2.840.113549.1.1.11",
                    "SHA384" => "1.2.840.113549.1.1.12",
                    "SHA512" => "1.2.840.113549.1.1.13",
                    "PSS-SHA1" => "1.2.840.113549.1.1.10", // SHA-1 is the default of its parameters
                    _ => throw new NotSupportedException(hash),
                });
                if (_isPss)
                {
                    writer.PushSequence().Dispose();
                }
                else
                {
                    writer.WriteNull();
                }
            }

            return writer.Encode();
        }

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
            key.SignData(data, Hash, _isPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);

        protected override PublicKey BuildPublicKey() => PublicKey.CreateFromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _);
    }
}
