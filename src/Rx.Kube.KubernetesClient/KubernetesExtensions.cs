using System.Net;
using k8s;

namespace Rx.Kube;

/// <summary>Creates Rx.Kube connections from an application's existing client.</summary>
public static class KubernetesExtensions
{
    /// <summary>Creates a connection that sends its requests in the same way as an existing client.</summary>
    /// <param name="kubernetes">
    /// The client, as provided by dependency injection. A <see cref="Kubernetes"/> is used directly: its <c>HttpClient</c> with all
    /// handlers, its <c>BaseUri</c>, and its <c>Credentials</c>, which authorize every request. The caller owns it: disposing the
    /// connection does not dispose it. Any other implementation (a decorator, a test double) exposes only its <c>BaseUri</c>; the
    /// connection then has its own client, created from <paramref name="configuration"/> and disposed with the connection.
    /// </param>
    /// <param name="configuration">
    /// The configuration that the client was created from. It contains settings that the client does not expose: <c>TlsServerName</c>,
    /// <c>DisableHttp2</c>, and the default <c>Namespace</c>. It may be null if none of them is set and the client is a
    /// <see cref="Kubernetes"/>.
    /// </param>
    /// <param name="options">
    /// Timeouts, clock and namespace; null for the defaults. <see cref="KubeConnectionOptions.Namespace"/> takes precedence over the
    /// namespace of the configuration.
    /// </param>
    /// <returns>The connection. It is thread-safe, and sends nothing before the first subscription.</returns>
    /// <remarks>
    /// <para>Requests negotiate HTTP/2 as KubernetesClient's own requests do, so all watches share one connection if the server supports
    /// HTTP/2 over TLS. Plain http and <c>DisableHttp2</c> use HTTP/1.1. If <c>DefaultRequestVersion</c> or <c>DefaultVersionPolicy</c>
    /// of the <c>HttpClient</c> was changed, these values apply instead.</para>
    /// <para>After the client is disposed, the next request of a stream ends the stream with an <see cref="ObjectDisposedException"/>; an
    /// open watch continues until the server closes it.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="kubernetes"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The client's <c>HttpClient.Timeout</c> is not infinite, so it would end every watch; or the client is not a <see cref="Kubernetes"/>
    /// and <paramref name="configuration"/> is null.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public static KubeConnection ToRxKube(
        this IKubernetes kubernetes, KubernetesClientConfiguration? configuration = null, KubeConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(kubernetes);
        options ??= new KubeConnectionOptions();
        if (string.IsNullOrEmpty(options.Namespace))
        {
            options = options with { Namespace = string.IsNullOrEmpty(configuration?.Namespace) ? null : configuration.Namespace };
        }

        if (kubernetes is Kubernetes client)
        {
            var http = client.HttpClient;
            ObjectDisposedException.ThrowIf(http is null, kubernetes);
            return Connect(http, client.BaseUri, client, configuration, options, disposeClient: false);
        }

        if (configuration is null)
        {
            throw new ArgumentException(
                $"{kubernetes.GetType()} is not a k8s.Kubernetes, so its HttpClient and its credentials cannot be seen. " +
                "To fix: call ToRxKube(configuration) with the KubernetesClientConfiguration that the client was made from.",
                nameof(kubernetes));
        }

        var pipeline = new OwnPipeline();
        var own = pipeline.Client = new Kubernetes(configuration, pipeline);
        var ownHttp = new HttpClient(pipeline) { Timeout = Timeout.InfiniteTimeSpan };
        if (!string.IsNullOrWhiteSpace(configuration.UserAgent))
        {
            ownHttp.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", configuration.UserAgent);
        }

        return Connect(ownHttp, kubernetes.BaseUri ?? own.BaseUri, own, configuration, options, disposeClient: true);
    }

    private static KubeConnection Connect(
        HttpClient http, Uri server, Kubernetes kubernetes, KubernetesClientConfiguration? configuration, KubeConnectionOptions options,
        bool disposeClient)
    {
        if (http.Timeout != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentException(
                $"The client's HttpClient.Timeout is {http.Timeout}, which ends every watch after that time. " +
                "To fix: before the client's first request, set kubernetes.HttpClient.Timeout = Timeout.InfiniteTimeSpan " +
                "(as KubernetesClient itself does; the client's HttpClientTimeout still bounds its own calls).",
                nameof(kubernetes));
        }

        var version = configuration?.DisableHttp2 == true ? HttpVersion.Version11 : HttpVersion.Version20;
        var decidesItself = http.DefaultRequestVersion != HttpVersion.Version11
            || http.DefaultVersionPolicy != HttpVersionPolicy.RequestVersionOrLower;
        return KubeConnection.From(http, server, AuthorizeAsync, options, disposeClient);

        async Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!decidesItself)
            {
                request.Version = version;
            }

            if (kubernetes.Credentials is { } credentials)
            {
                await credentials.ProcessHttpRequestAsync(request, cancellationToken).ConfigureAwait(false);
            }

            if (!string.IsNullOrWhiteSpace(configuration?.TlsServerName))
            {
                // SocketsHttpHandler takes the name of the TLS handshake from this header, and has no other place for it.
                request.Headers.Host = configuration.TlsServerName;
            }
        }
    }

    // The first handler of a client of our own: it holds the client's whole pipeline, and disposes the client with it.
    private sealed class OwnPipeline : DelegatingHandler
    {
        public Kubernetes? Client { get; set; }

        protected override void Dispose(bool disposing)
        {
            // The client disposes its handlers in turn, this one among them.
            if (disposing && Client is { } client)
            {
                Client = null;
                client.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
