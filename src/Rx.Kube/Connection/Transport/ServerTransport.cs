using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Rx.Kube;

/// <summary>
/// The HTTP connections to one server. A client certificate belongs to a TLS connection, so a new certificate gets new connections;
/// streams on the old connections continue until they end.
/// </summary>
internal sealed class ServerTransport(ConnectionTarget target, KubeConnectionOptions options) : IDisposable
{
    /// <summary>
    /// How many bytes of a body the server may send over HTTP/2 before the client asks for more: 1 MiB. The client asks again when it has
    /// read an eighth. Measured with events of 28 KB that arrive alone, <c>compare transport</c>: a bare reader writes to the socket 0.1
    /// times an event instead of 0.9 with the 64 KiB of .NET; a snapshot costs 1 to 10 % less processor time (medians of four runs). 16 MiB
    /// gain nothing more. The handler enlarges the window of a fast stream with either, up to 16 MiB.
    /// </summary>
    internal const int FirstStreamWindow = 1024 * 1024;

    private sealed record Generation(ClientCertificate? Certificate, ServerRoute Route, HttpMessageInvoker Invoker);

    private readonly Lock _gate = new();
    private readonly Uri? _forwardingProxy = ServerRoute.ForwardingProxy(target);
    private Generation? _current;
    private Generation? _previous;
    private bool _disposed;

    /// <summary>Gets what the latest TLS handshake with the server showed; null for none.</summary>
    public TlsFacts? Tls
    {
        get
        {
            lock (_gate)
            {
                return _current?.Route.Tls;
            }
        }
    }

    private bool RepeatsHeaders => target.Impersonation?.NeedsRepeatedLines == true;

    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, ClientCertificate? certificate, CancellationToken cancellationToken)
    {
        request.Version = RepeatsHeaders || target.Server.Scheme == "http" ? HttpVersion.Version11 : HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        if (_forwardingProxy is { } proxy && ProxyRoute.AuthorizationOf(proxy) is { } login)
        {
            request.Headers.TryAddWithoutValidation("Proxy-Authorization", login);
        }

        if (target.Impersonation is { } impersonation)
        {
            Impersonate(request.Headers, impersonation);
        }

        var generation = For(certificate);
        try
        {
            return await generation.Invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (generation.Route.Refusal is { } refused)
        {
            throw new HttpRequestException(e.HttpRequestError, refused.Message, refused);
        }
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
    /// <param name="route">Opens its connections.</param>
    internal SocketsHttpHandler CreateHandler(ServerRoute route)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = _forwardingProxy is not null,
            Proxy = _forwardingProxy is { } proxy ? new WebProxy(new UriBuilder("http", proxy.Host, proxy.Port).Uri) : null,
            ConnectTimeout = options.ConnectTimeout,
            MaxResponseHeadersLength = options.Limits.MaxHeaderBytes / 1024,
            ConnectCallback = route.ConnectAsync,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = FirstStreamWindow,
            KeepAlivePingDelay = TimeSpan.FromSeconds(25), // and up to 7.5 s more until the handler notices, in steps of 3.75 s
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            ResponseDrainTimeout = TimeSpan.Zero,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        };

        if (RepeatsHeaders)
        {
            handler.PlaintextStreamFilter = (context, _) => new ValueTask<Stream>(new RepeatedHeaderStream(context.PlaintextStream));
        }

        return handler;
    }

    private Generation For(ClientCertificate? certificate)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(KubeConnection));
            if (_current is null || !ReferenceEquals(_current.Certificate, certificate))
            {
                // One old generation is kept: a request may be about to be sent on it.
                _previous?.Invoker.Dispose();
                _previous = _current;
                var route = new ServerRoute(target, options, certificate);
                _current = new Generation(
                    certificate, route, new HttpMessageInvoker(options.Environment.Network(CreateHandler(route))));
            }

            return _current;
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
}
