using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube;

/// <summary>What a TLS handshake showed. The texts are those of the peer: they must be escaped before they are printed.</summary>
/// <param name="Protocol">The version of the protocol, such as <c>Tls13</c>.</param>
/// <param name="IsVerified">Whether the certificate was checked.</param>
/// <param name="Server">The certificate of the server.</param>
/// <param name="Client">The certificate of the client; null for none.</param>
internal sealed record TlsFacts(string Protocol, bool IsVerified, CertificateFacts Server, CertificateFacts? Client);

/// <summary>The subject, the issuer and the dates of a certificate.</summary>
/// <param name="Subject">Whom it names.</param>
/// <param name="Issuer">The name of its CA.</param>
/// <param name="From">The start of its validity.</param>
/// <param name="Until">The end of its validity.</param>
internal sealed record CertificateFacts(string Subject, string Issuer, DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>Reads a certificate.</summary>
    public static CertificateFacts Of(X509Certificate2 certificate) => new(
        certificate.Subject, certificate.Issuer, certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
}
