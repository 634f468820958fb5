using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;

namespace Rx.Kube;

/// <summary>
/// The HTTP connections to one server. A client certificate belongs to a TLS connection, so a new certificate gets new connections;
/// streams on the old connections continue until they end.
/// </summary>
internal sealed class ServerTransport(ConnectionTarget target, KubeConnectionOptions options) : IDisposable
{
    private sealed record Generation(ClientCertificate? Certificate, HttpMessageInvoker Invoker);

    private readonly Lock _gate = new();
    private readonly PeerTrust _trust = PeerTrust.OfServer(target);
    private Generation? _current;
    private Generation? _previous;
    private bool _disposed;

    private bool RepeatsHeaders => target.Impersonation?.NeedsRepeatedLines == true;

    public Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, ClientCertificate? certificate, CancellationToken cancellationToken)
    {
        request.Version = RepeatsHeaders || target.Server.Scheme == "http" ? HttpVersion.Version11 : HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        request.Headers.Host = target.TlsServerName; // the only way to set another SNI; null keeps the server's own
        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        if (target.Impersonation is { } impersonation)
        {
            Impersonate(request.Headers, impersonation);
        }

        return InvokerFor(certificate).SendAsync(request, cancellationToken);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _current?.Invoker.Dispose();
            _previous?.Invoker.Dispose();
        }
    }

    /// <summary>Creates the handler of one identity; internal because tests check its settings.</summary>
    internal SocketsHttpHandler CreateHandler(ClientCertificate? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = target.Proxy is not null,
            Proxy = target.Proxy is { } proxy ? ProxyOf(proxy) : null,
            ConnectTimeout = options.ConnectTimeout,
            ConnectCallback = target.Proxy is { Scheme: "https" } https
                ? new ProxyTls(target, https).ConnectAsync
                : KeepAliveSockets.ConnectAsync,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(25), // and up to 7.5 s more until the handler notices, in steps of 3.75 s
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            ResponseDrainTimeout = TimeSpan.Zero,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        };
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = _trust.Validate,
            CertificateChainPolicy = PeerTrust.ChainPolicy(),
            ClientCertificateContext = certificate is null
                ? null
                : SslStreamCertificateContext.Create(certificate.Certificate, certificate.Intermediates, offline: true),
        };

        if (RepeatsHeaders)
        {
            handler.PlaintextStreamFilter = (context, _) => new ValueTask<Stream>(new RepeatedHeaderStream(context.PlaintextStream));
        }

        return handler;
    }

    private HttpMessageInvoker InvokerFor(ClientCertificate? certificate)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(KubeConnection));
            if (_current is null || !ReferenceEquals(_current.Certificate, certificate))
            {
                // One old generation is kept: a request may be about to be sent on it.
                _previous?.Invoker.Dispose();
                _previous = _current;
                _current = new Generation(certificate, new HttpMessageInvoker(options.Environment.Network(CreateHandler(certificate))));
            }

            return _current.Invoker;
        }
    }

    private static void Impersonate(HttpRequestHeaders headers, Impersonation impersonation)
    {
        var number = 0;
        foreach (var (name, value) in impersonation.Headers)
        {
            var line = headers.Contains(name) ? $"{name}{RepeatedHeaderStream.Marker}{++number}" : name;
            headers.TryAddWithoutValidation(line, value);
        }
    }

    // ProxyTls makes the TLS of an https proxy, so that the handler's TLS options are only for the server.
    private static WebProxy ProxyOf(Uri proxy)
    {
        var scheme = proxy.Scheme == "https" ? "http" : proxy.Scheme;
        var address = new UriBuilder(scheme, proxy.Host, proxy.Port).Uri;
        var login = proxy.UserInfo.Split(':', 2);
        return new WebProxy(address)
        {
            Credentials = proxy.UserInfo.Length == 0
                ? null
                : new NetworkCredential(
                    Uri.UnescapeDataString(login[0]), login.Length > 1 ? Uri.UnescapeDataString(login[1]) : ""),
        };
    }
}
