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

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (uri, host) = (request.RequestUri, request.Headers.Host);
        if (_router.Find(uri) is not { } address)
        {
            return await SendElsewhereAsync(request, cancellationToken).ConfigureAwait(false);
        }

        var attempts = RequestAttempts.Of(request);
        try
        {
            for (var connects = 1; ; connects++)
            {
                request.RequestUri = uri;
                var (endpoint, count) = await _router.NextAsync(address, request, attempts, cancellationToken).ConfigureAwait(false);
                request.RequestUri = new UriBuilder(uri!) { Scheme = endpoint.Scheme, Host = endpoint.Host, Port = endpoint.Port }.Uri;
                request.Headers.Host = host ?? address.Host;
                try
                {
                    return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e) when (connects < _connects && connects < count && IsUnsent(e, cancellationToken))
                {
                    // The next one.
                }
            }
        }
        finally
        {
            (request.RequestUri, request.Headers.Host) = (uri, host);
        }
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _router.Find(request.RequestUri) is null
            ? base.Send(request, cancellationToken)
            : throw new NotSupportedException("Requests are routed asynchronously. To fix: use SendAsync.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _discovery?.Dispose();
        }

        base.Dispose(disposing);
    }

    private Task<HttpResponseMessage> SendElsewhereAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _discovery?.SendAsync(request, cancellationToken) ?? base.SendAsync(request, cancellationToken);

    // There was no connection, so no byte was sent. The connect timeout is a cancellation that was not asked for.
    private static bool IsUnsent(Exception error, CancellationToken cancellationToken) => error switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => true,
        OperationCanceledException { InnerException: TimeoutException } => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    /// <summary>What follows the handler of service discovery: the handlers that follow this one.</summary>
    private sealed class Next(KubeRoutingHandler outer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            outer.SendNextAsync(request, cancellationToken);
    }

    private Task<HttpResponseMessage> SendNextAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);
}
