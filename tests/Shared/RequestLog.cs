using System.Collections.Concurrent;

namespace Rx.Kube.Tests.Shared;

/// <summary>A connection to an API server that records what it sends: <c>list</c> or <c>watch</c>, and the Service.</summary>
internal sealed class RequestLog() : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly ConcurrentQueue<string> _requests = [];

    /// <summary>Gets the requests so far, such as <c>watch cache</c>.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public KubeConnection ConnectTo(Uri server) => KubeConnection.From(
        new HttpClient(this) { Timeout = Timeout.InfiniteTimeSpan }, server, options: new() { Namespace = "prod" }, disposeClient: true);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var query = Uri.UnescapeDataString(request.RequestUri!.Query);
        var service = query.Split("kubernetes.io/service-name=")[^1].Split('&', ',')[0];
        _requests.Enqueue($"{(query.Contains("watch=", StringComparison.Ordinal) ? "watch" : "list")} {service}");
        return base.SendAsync(request, cancellationToken);
    }
}
