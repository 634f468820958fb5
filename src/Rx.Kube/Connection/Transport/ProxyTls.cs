using System.Net.Security;
using System.Security.Authentication;

namespace Rx.Kube;

/// <summary>
/// Opens the TLS connection to an https proxy, apart from the handler: the handler would use the same options as for the server, which hold
/// the client certificate, and can tell the two only by host name. The handler then takes the stream for a connection to an http proxy.
/// </summary>
internal sealed class ProxyTls(ConnectionTarget target, Uri proxy)
{
    private readonly PeerTrust _trust = PeerTrust.OfProxy(target, proxy);

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>: every connection of the handler goes to the proxy.</summary>
    /// <param name="context">The proxy's endpoint.</param>
    /// <param name="cancellationToken">Ends the attempt; the handler's connect timeout cancels it too.</param>
    /// <exception cref="UntrustedCertificateException">The proxy's certificate is refused.</exception>
    /// <exception cref="ProxyHandshakeException">The handshake failed.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var tls = new SslStream(await KeepAliveSockets.ConnectAsync(context, cancellationToken).ConfigureAwait(false));
        try
        {
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = _trust.Name,
                RemoteCertificateValidationCallback = _trust.Validate,
                CertificateChainPolicy = PeerTrust.ChainPolicy(),
            };
            await tls.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return tls;
        }
        catch (Exception e)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            if (e is not UntrustedCertificateException && e is AuthenticationException or IOException)
            {
                throw new ProxyHandshakeException(
                    $"The proxy {proxy.Host}:{proxy.Port} does not complete the TLS handshake: {Printable.Of(e.Message).TrimEnd('.')}. "
                    + $"To fix: check that it is an https proxy, or correct the proxy's address ({target.Source}).",
                    e);
            }

            throw;
        }
    }
}

/// <summary>The TLS handshake with a proxy failed. The message is for the user.</summary>
internal sealed class ProxyHandshakeException(string message, Exception inner) : AuthenticationException(message, inner);
