using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Rx.Kube;

/// <summary>
/// Makes the TLS of connections to an https proxy, which is not shown the client certificate, and has rules of trust of its own.
/// </summary>
internal sealed class ProxyTls(ConnectionTarget target, Uri proxy)
{
    private readonly PeerTrust _trust = PeerTrust.OfProxy(target, proxy);

    /// <summary>Makes the handshake.</summary>
    /// <param name="stream">The stream to the proxy; disposed if the handshake fails.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="UntrustedCertificateException">The proxy's certificate is refused.</exception>
    /// <exception cref="PeerException">The handshake failed.</exception>
    public async Task<Stream> AuthenticateAsync(Stream stream, CancellationToken cancellationToken)
    {
        var tls = new SslStream(stream);
        try
        {
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = _trust.Name,
                RemoteCertificateValidationCallback = _trust.Validate,
                CertificateChainPolicy = PeerTrust.ChainPolicy(),
                AllowTlsResume = false, // as for the server
                AllowRenegotiation = false,
            };
            await tls.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return tls;
        }
        catch (Exception e)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            if (e is not UntrustedCertificateException && e is AuthenticationException or IOException)
            {
                throw new PeerException(
                    $"The proxy {proxy.Host}:{proxy.Port} does not complete the TLS handshake: {Printable.Of(e.Message).TrimEnd('.')}. "
                    + $"To fix: check that it is an https proxy, or correct the proxy's address ({target.Source}).",
                    e);
            }

            if (e is CryptographicException)
            {
                throw _trust.Unchecked();
            }

            throw;
        }
    }
}
