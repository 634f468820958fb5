using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube;

/// <summary>
/// Makes the TLS of connections to the server. The handler of .NET would send the Host header as the name in the handshake, but
/// tls-server-name is for the handshake alone, as in client-go.
/// </summary>
internal sealed class ServerTls(ConnectionTarget target, ClientCertificate? certificate)
{
    private readonly PeerTrust _trust = PeerTrust.OfServer(target);

    private readonly SslStreamCertificateContext? _context = certificate is null ? null : ContextOf(certificate);

    // As the handler does: after an answer in HTTP/1.1, it expects no HTTP/2.
    private volatile bool _isHttp1;
    private volatile ServerSslStream? _latest;

    /// <summary>Gets the refusal of the client certificate that ended the latest connection; null for none.</summary>
    public PeerException? Refusal => _latest?.Ending;

    /// <summary>Gets what the latest handshake showed; null before the first one.</summary>
    public TlsFacts? Facts { get; private set; }

    /// <summary>Makes the handshake.</summary>
    /// <param name="stream">The stream to the server; disposed if the handshake fails.</param>
    /// <param name="version">The HTTP version that the request asks for.</param>
    /// <param name="cancellationToken">Ends the handshake.</param>
    /// <exception cref="UntrustedCertificateException">The server's certificate is refused.</exception>
    /// <exception cref="PeerException">The server refuses the client certificate, or asks for one.</exception>
    /// <exception cref="AuthenticationException">The handshake failed.</exception>
    public async Task<SslStream> AuthenticateAsync(Stream stream, Version version, CancellationToken cancellationToken)
    {
        var tls = new ServerSslStream(stream, new CertificateRefusal(target, certificate));
        try
        {
            await tls.AuthenticateAsClientAsync(Options(version), cancellationToken).ConfigureAwait(false);
            tls.Begin();
            _isHttp1 |= tls.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2;
            _latest = tls;
            Facts = tls.RemoteCertificate is X509Certificate2 shown
                ? new(tls.SslProtocol.ToString(), !target.SkipVerification, CertificateFacts.Of(shown), Client)
                : null;
            return tls;
        }
        catch (Exception e)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            if (tls.Refusal.Explain(e) is { } refused)
            {
                throw refused;
            }

            throw e switch
            {
                CryptographicException => _trust.Unchecked(),
                IOException => new AuthenticationException(e.Message, e),
                _ => e,
            };
        }
    }

    private CertificateFacts? Client => certificate is null ? null : CertificateFacts.Of(certificate.Certificate);

    private static SslStreamCertificateContext ContextOf(ClientCertificate certificate)
    {
        try
        {
            return SslStreamCertificateContext.Create(certificate.Certificate, certificate.Intermediates, offline: true);
        }
        catch (CryptographicException)
        {
            throw new KubeConfigurationException(
                $"{Printable.Sentence(certificate.Source)} has certificates from which no chain can be built: there are too many of them, "
                + "or one is broken. To fix: leave there the client's certificate and those that lead to its CA.");
        }
    }

    private SslClientAuthenticationOptions Options(Version version) => new()
    {
        TargetHost = _trust.Name,
        ApplicationProtocols = version == HttpVersion.Version11 || _isHttp1
            ? [SslApplicationProtocol.Http11]
            : [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        RemoteCertificateValidationCallback = _trust.Validate,
        CertificateChainPolicy = PeerTrust.ChainPolicy(),
        ClientCertificateContext = _context,
        AllowTlsResume = false, // .NET shares sessions by name only, and one keeps the certificate that the server had when it began
        AllowRenegotiation = false, // as in Go
    };
}
