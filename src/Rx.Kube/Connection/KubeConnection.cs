using System.Reactive.Concurrency;

namespace Rx.Kube.Connection;

/// <summary>How to reach an API server. Safe on any thread; nothing is sent before somebody subscribes.</summary>
public sealed class KubeConnection : IDisposable
{
    private readonly HttpClient _client;
    private readonly Func<HttpRequestMessage, CancellationToken, Task>? _authorize;

    private KubeConnection(HttpClient client, Uri server, Func<HttpRequestMessage, CancellationToken, Task>? authorize) =>
        (_client, Server, _authorize) = (client, server, authorize);

    /// <summary>The API server.</summary>
    public Uri Server { get; }

    /// <summary>The namespace to use where none is named: the context's, or the pod's own; else <c>default</c>.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>The clock of this connection.</summary>
    internal IScheduler Scheduler { get; init; } = System.Reactive.Concurrency.Scheduler.Default;

    /// <summary>Uses an application's own client.</summary>
    /// <param name="client">The client. It is not disposed, and must not time out (<see cref="Timeout.InfiniteTimeSpan"/>).</param>
    /// <param name="server">The API server.</param>
    /// <param name="authorize">Sets the credentials of a request; null if the client does.</param>
    /// <returns>The connection.</returns>
    public static KubeConnection From(
        HttpClient client, Uri server, Func<HttpRequestMessage, CancellationToken, Task>? authorize = null) =>
        new(client, server, authorize);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>
    /// Sends a GET and returns the response once its headers are here and its status is 2xx.
    /// </summary>
    /// <param name="pathAndQuery">Path and query below <see cref="Server"/>, without a leading slash, already escaped.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The response; the caller disposes it.</returns>
    /// <exception cref="KubeStatusException">The server answered with another status; for 401 after one refresh of the credentials.</exception>
    /// <exception cref="KubeTransportException">The server could not be reached or was not trusted.</exception>
    /// <exception cref="KubeConfigException">No credentials could be had.</exception>
    internal async Task<HttpResponseMessage> GetAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Server, pathAndQuery));
        if (_authorize is not null)
        {
            await _authorize(request, cancellationToken).ConfigureAwait(false);
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }
}
