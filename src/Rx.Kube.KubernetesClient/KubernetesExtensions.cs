using k8s;

namespace Rx.Kube;

/// <summary>Makes Rx.Kube talk through the client an application already holds.</summary>
public static class KubernetesExtensions
{
    /// <summary>A connection that sends with this client: its <c>HttpClient</c>, its <c>BaseUri</c>, its <c>Credentials</c>.</summary>
    /// <param name="kubernetes">
    /// The client. It stays the caller's: disposing the connection does not dispose it, and it must outlive the connection.
    /// Its credentials are asked for every request, so a rotating token stays fresh.
    /// </param>
    /// <param name="namespace">
    /// The namespace where none is named, normally <c>KubernetesClientConfiguration.Namespace</c>, which the client does not keep;
    /// null or empty for that of the options, else <c>default</c>.
    /// </param>
    /// <param name="options">Patience and clock; null for the defaults.</param>
    /// <returns>The connection; safe on any thread; nothing is sent before somebody subscribes.</returns>
    /// <remarks>
    /// <para>Requests ask for the HTTP version the <c>HttpClient</c> asks for by default: 1.1, where each watch has a TCP connection of
    /// its own. For HTTP/2 set <c>kubernetes.HttpClient.DefaultRequestVersion</c> before the client's first request.</para>
    /// <para>The client does not tell its <c>TlsServerName</c>. An application that needs it here uses
    /// <see cref="KubeConnection.From"/>, and sets <c>Host</c> on the request next to the credentials.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="kubernetes"/> is null.</exception>
    /// <exception cref="ArgumentException">The client's <c>HttpClient.Timeout</c> is not infinite: it would cut every watch.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public static KubeConnection ToRxKube(
        this Kubernetes kubernetes, string? @namespace = null, KubeConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(kubernetes);
        var client = kubernetes.HttpClient;
        ObjectDisposedException.ThrowIf(client is null, kubernetes);
        if (client.Timeout != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentException(
                $"The client's HttpClient.Timeout is {client.Timeout}, which cuts every watch after that time. " +
                "Before the client's first request, set kubernetes.HttpClient.Timeout = Timeout.InfiniteTimeSpan " +
                "(as KubernetesClient itself does; the client's HttpClientTimeout still bounds its own calls).",
                nameof(kubernetes));
        }

        options ??= new KubeConnectionOptions();
        return KubeConnection.From(
            client,
            kubernetes.BaseUri,
            (request, cancellationToken) =>
                kubernetes.Credentials?.ProcessHttpRequestAsync(request, cancellationToken) ?? Task.CompletedTask,
            string.IsNullOrEmpty(@namespace) ? options : options with { Namespace = @namespace });
    }
}
