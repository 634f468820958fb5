using System.Net;

namespace Rx.Kube;

/// <summary>
/// Opens the streams of a connection: a socket, a tunnel through the proxy, and the TLS of the server. The handler of .NET takes what it
/// gets for a direct connection; only a plain http server behind an http proxy is left to it.
/// </summary>
internal sealed class ServerRoute(ConnectionTarget target, KubeConnectionOptions options, ClientCertificate? certificate)
{
    private readonly KeepAliveSockets _sockets = new(new AddressRace(options.Environment.Resolve, options.Scheduler, options.Limits));
    private readonly ServerTls _tls = new(target, certificate);

    /// <summary>Gets the refusal of the client certificate that ended the latest connection; null for none.</summary>
    public PeerException? Refusal => _tls.Refusal;

    /// <summary>Gets what the latest TLS handshake with the server showed; null for none.</summary>
    public TlsFacts? Tls => _tls.Facts;

    /// <summary>Gets the proxy that the handler itself must know: it wants whole addresses in the requests.</summary>
    public static Uri? ForwardingProxy(ConnectionTarget target) =>
        target.Server.Scheme == "http" && target.Proxy is { Scheme: not "socks5" } proxy ? proxy : null;

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <param name="context">The endpoint: the server's, or that of a <see cref="ForwardingProxy"/>.</param>
    /// <param name="cancellationToken">Ends the attempt; the handler's connect timeout cancels it too.</param>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var stream = await OpenAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
        return target.Server.Scheme == "https"
            ? await _tls.AuthenticateAsync(stream, context.InitialRequestMessage.Version, cancellationToken).ConfigureAwait(false)
            : stream;
    }

    private async Task<Stream> OpenAsync(DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        if (target.Proxy is not { } proxy)
        {
            return await _sockets.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
        }

        var route = new ProxyRoute(target, proxy, _sockets, options);
        return await (ForwardingProxy(target) is null
            ? route.TunnelAsync(endPoint, cancellationToken)
            : route.ReachAsync(cancellationToken)).ConfigureAwait(false);
    }
}
