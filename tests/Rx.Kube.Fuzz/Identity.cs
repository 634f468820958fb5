using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube.Fuzz;

/// <summary>A certificate and its key. They are new in every process: what they are does not change what is read.</summary>
internal static class Identity
{
    static Identity()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=fuzz", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(1));
        (Certificate, Key) = (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public static string Certificate { get; }

    public static string Key { get; }
}
