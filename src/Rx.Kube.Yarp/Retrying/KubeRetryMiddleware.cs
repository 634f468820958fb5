using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Rx.Kube;

/// <summary>Repeats a request at the destinations that it has not tried, as <c>UseKubeRetry</c> says.</summary>
internal sealed class KubeRetryMiddleware(
    RequestDelegate next, IOptions<KubeDestinationOptions> options, IProxyStateLookup clusters, IEnumerable<ILoadBalancingPolicy> policies,
    ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger(YarpLog.Category);

    public async Task InvokeAsync(HttpContext context)
    {
        var canRepeat = IsIdempotent(context.Request.Method) && KeepsBody(context);
        var headers = context.Response.Headers.ToArray();
        List<DestinationState>? tried = null;
        for (var attempt = 2; ; attempt++)
        {
            await next(context).ConfigureAwait(false);
            if (attempt > options.Value.RetryAttempts || !IsRepeatable(context, canRepeat) || Remaining(context, ref tried) is not { } left)
            {
                return;
            }

            var error = context.GetForwarderErrorFeature()!.Error;
            YarpLog.Retrying(_log, Name(error), tried?[^1].DestinationId, attempt);
            Rewind(context, headers);
            context.GetReverseProxyFeature().AvailableDestinations = left;
        }
    }

    private static string Name(ForwarderError error) => $"{error}";

    // Source: RFC 9110, 9.2.2.
    private static bool IsIdempotent(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method) ||
        HttpMethods.IsPut(method) || HttpMethods.IsDelete(method);

    // A body that is small enough is kept while it is sent.
    private bool KeepsBody(HttpContext context)
    {
        if (!HasBody(context))
        {
            return true;
        }

        var most = options.Value.RetryBodySize;
        if (context.Request.ContentLength is not { } length || length > most)
        {
            return false;
        }

        context.Request.EnableBuffering(Math.Max(most, 1), Math.Max(most, 1));
        return true;
    }

    private static bool HasBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? context.Request.ContentLength is not 0;

    private static bool IsRepeatable(HttpContext context, bool canRepeat) =>
        !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested &&
        context.GetForwarderErrorFeature() is { } failure &&
        (IsUnsent(failure) || (canRepeat && failure.Error is
            ForwarderError.Request or ForwarderError.RequestBodyDestination or ForwarderError.ResponseBodyDestination));

    // No connection, no request: neither its headers nor its body has been read.
    private static bool IsUnsent(IForwarderErrorFeature failure) => failure switch
    {
        { Error: ForwarderError.Request, Exception: HttpRequestException e } =>
            e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
                or HttpRequestError.NameResolutionError,
        { Error: ForwarderError.Request, Exception: SocketException } => true, // not wrapped if the peer resets a connection as it is made
        { Error: ForwarderError.RequestTimedOut, Exception: OperationCanceledException e } => e.InnerException is TimeoutException,
        _ => false,
    };

    private IReadOnlyList<DestinationState>? Remaining(HttpContext context, ref List<DestinationState>? tried)
    {
        var feature = context.GetReverseProxyFeature();
        if (feature.ProxiedDestination is not { } destination ||
            !clusters.TryGetCluster(feature.Cluster.Config.ClusterId, out var cluster))
        {
            return null;
        }

        var attempted = tried ??= [];
        attempted.Add(destination);
        context.ReassignProxyRequest(cluster); // the destinations of now: some may have become unhealthy, or have come back
        feature = context.GetReverseProxyFeature();

        // YARP would not ask the policy for the last one that is left, which may be no replica of the key.
        if (RingConfigs.IsRing(feature.Cluster.Config))
        {
            return policies.OfType<KubeRingPolicy>().First().PickUntried(context, cluster, feature.AvailableDestinations, attempted);
        }

        var left = feature.AvailableDestinations.Where(d => !attempted.Contains(d)).ToList();
        return left.Count > 0 ? left : null;
    }

    // What the failed attempt has written goes; what was there before it stays.
    private static void Rewind(HttpContext context, KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>[] headers)
    {
        context.Features.Set<IForwarderErrorFeature>(null);
        context.Response.Clear();
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        if (context.Request.Body is { CanSeek: true } body)
        {
            body.Position = 0;
        }
    }
}
