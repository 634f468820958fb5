using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube.Tests.Connection.Support;

/// <summary>A certificate authority made for one test.</summary>
internal sealed class TestAuthority
{
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name = "test CA", TestAuthority? issuer = null, int margin = 1)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var (from, to) = (DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(2));
        _certificate = issuer is null
            ? request.CreateSelfSigned(from, to)
            : request.Create(issuer._certificate, from.AddDays(margin), to.AddDays(-margin), RandomNumberGenerator.GetBytes(8))
                .CopyWithPrivateKey(key);
    }

    public string Pem => _certificate.ExportCertificatePem();

    public X509Certificate2 Issue(
        string subject, IEnumerable<string> names, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={subject}", key, HashAlgorithmName.SHA256);
        var san = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var ip))
            {
                san.AddIpAddress(ip);
            }
            else
            {
                san.AddDnsName(name);
            }
        }

        if (names.Any())
        {
            request.CertificateExtensions.Add(san.Build());
        }

        using var issued = request.Create(
            _certificate, from ?? DateTimeOffset.UtcNow.AddDays(-1), to ?? DateTimeOffset.UtcNow.AddDays(30),
            RandomNumberGenerator.GetBytes(8));
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    public X509Certificate2 IssueServer(params string[] names) => Issue("server", names.Length > 0 ? names : ["127.0.0.1", "localhost"]);

    public static (string Certificate, string Key) PemOf(X509Certificate2 certificate) => (
        certificate.ExportCertificatePem(),
        ((AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey())!.ExportPkcs8PrivateKeyPem());
}
