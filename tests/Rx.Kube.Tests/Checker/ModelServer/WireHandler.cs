namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>Hands requests to the model server and keeps the log of the wire.</summary>
internal sealed class WireHandler(int client, Server server, ClientTrace trace, Func<long> now) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        var query = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2))
            .ToDictionary(p => p[0], p => p.Length == 2 ? Uri.UnescapeDataString(p[1]) : "");
        var log = new WireRequest
        {
            Client = client,
            Start = now(),
            Path = uri.PathAndQuery,
            IsWatch = query.GetValueOrDefault("watch") is "true" or "1",
            Version = query.GetValueOrDefault("resourceVersion"),
            Match = query.GetValueOrDefault("resourceVersionMatch"),
            Continue = query.GetValueOrDefault("continue"),
            Limit = query.GetValueOrDefault("limit"),
            Initial = query.GetValueOrDefault("sendInitialEvents") == "true",
            AllowsBookmarks = query.GetValueOrDefault("allowWatchBookmarks") == "true",
            AcceptsProtobuf = request.Headers.Accept.First().MediaType == ProtobufAnswers.Type,
            Timeout = query.TryGetValue("timeoutSeconds", out var seconds) ? int.Parse(seconds) : null,
            IsBeside = trace.Requests.Exists(r => r is { IsWatch: true, End: null }),
            Token = request.Headers.TryGetValues("Authorization", out var tokens) ? tokens.First()["Bearer ".Length..] : null,
        };
        if (log.Path.Contains("/endpointslices", StringComparison.Ordinal))
        {
            (log.IsBeside ? trace.Audits : trace.Requests).Add(log);
        }

        return cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<HttpResponseMessage>(cancellationToken)
            : server.Receive(log, cancellationToken).Response;
    }
}
