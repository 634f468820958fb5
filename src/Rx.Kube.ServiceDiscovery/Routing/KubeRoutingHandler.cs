using System.Net.Sockets;

namespace Rx.Kube;

/// <summary>
/// Sends an attempt to the endpoint that is chosen for it. Requests for other hosts go through the handler of service discovery, if the
/// client has one, and then the same way.
/// </summary>
internal sealed class KubeRoutingHandler : DelegatingHandler
{
    private readonly KubeRouter _router;
    private readonly int _connects;
    private readonly HttpMessageInvoker? _discovery;

    public KubeRoutingHandler(KubeRouter router, int connects, DelegatingHandler? discovery)
    {
        (_router, _connects) = (router, connects);
        if (discovery is not null)
        {
            discovery.InnerHandler = new Next(this);
            _discovery = new(discovery);
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _router.Find(request.RequestUri) is { } address ? RouteAsync(request, address, false, cancellationToken).AsTask()
        : _discovery is not null ? _discovery.SendAsync(request, cancellationToken)
        : base.SendAsync(request, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _router.Find(request.RequestUri) is { } address
            // Without a list so far, it waits for one, as the caller has asked to wait for the response.
            ? RouteAsync(request, address, true, cancellationToken).AsTask().GetAwaiter().GetResult()
            : _discovery is not null ? _discovery.Send(request, cancellationToken)
            : base.Send(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _discovery?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<HttpResponseMessage> RouteAsync(
        HttpRequestMessage request, KubeAddress address, bool isBlocking, CancellationToken cancellationToken)
    {
        var (uri, host) = (request.RequestUri!, request.Headers.Host);
        var attempts = RequestAttempts.Of(request);
        try
        {
            for (var connects = 1; ; connects++)
            {
                request.RequestUri = uri;
                var (endpoint, count) = await _router.NextAsync(address, request, attempts, cancellationToken).ConfigureAwait(false);
                request.RequestUri = new UriBuilder(uri) { Scheme = endpoint.Scheme, Host = endpoint.Host, Port = endpoint.Port }.Uri;
                request.Headers.Host = host ?? address.Host;
                try
                {
                    return isBlocking
                        ? base.Send(request, cancellationToken)
                        : await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e) when (connects < _connects && connects < count && IsUnsent(e, cancellationToken))
                {
                    // The next one.
                }
                catch (SocketException e)
                {
                    // As every other failure of a connection is told: retries know no other exception.
                    throw new HttpRequestException(HttpRequestError.ConnectionError, e.Message, e);
                }
            }
        }
        finally
        {
            (request.RequestUri, request.Headers.Host) = (uri, host);
        }
    }

    // There was no connection, so no byte was sent. The connect timeout is a cancellation that was not asked for. SocketsHttpHandler lets a
    // bare SocketException pass if the peer resets a connection as it is made: it then asks for the address of the peer.
    private static bool IsUnsent(Exception error, CancellationToken cancellationToken) => error switch
    {
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
                or HttpRequestError.NameResolutionError
        } or SocketException => true,
        OperationCanceledException { InnerException: TimeoutException } => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    private Task<HttpResponseMessage> SendNextAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);

    private HttpResponseMessage SendNext(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.Send(request, cancellationToken);

    /// <summary>What follows the handler of service discovery: the handlers that follow this one.</summary>
    private sealed class Next(KubeRoutingHandler outer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            outer.SendNextAsync(request, cancellationToken);

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            outer.SendNext(request, cancellationToken);
    }
}
