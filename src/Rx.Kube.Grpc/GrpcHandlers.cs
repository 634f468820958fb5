namespace Rx.Kube;

/// <summary>
/// Makes the handlers of a client fit for balancing. Below the balancer, each attempt has its address already, so nothing there may choose
/// an address, or repeat a request.
/// </summary>
internal static class GrpcHandlers
{
    // Microsoft.Extensions.ServiceDiscovery sets it on the primary handler of each client; GrpcChannel then refuses every resolver.
    private const string BalancingDisabled = "__GrpcLoadBalancingDisabled";

    // Two attempts of TCP to reach a host that does not answer.
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Sets what the application has left at its default.</summary>
    public static void Tune(HttpMessageHandler handler)
    {
        if (handler is SocketsHttpHandler sockets)
        {
            sockets.EnableMultipleHttp2Connections = true;
            sockets.ConnectTimeout = sockets.ConnectTimeout == Timeout.InfiniteTimeSpan ? _connectTimeout : sockets.ConnectTimeout;
        }
    }

    /// <summary>
    /// Takes the handlers of service discovery and of resilience out. A timeout for each attempt would end streams, and a retry would go to
    /// the same pod again.
    /// </summary>
    public static void KeepOwn(IList<DelegatingHandler> handlers)
    {
        foreach (var handler in handlers.Where(IsForeign).ToList())
        {
            handlers.Remove(handler);
        }
    }

    /// <summary>Allows the primary handler to balance again.</summary>
    public static void AllowBalancing(HttpMessageHandler? handler)
    {
        while (handler is DelegatingHandler outer)
        {
            handler = outer.InnerHandler;
        }

        (handler as SocketsHttpHandler)?.Properties.Remove(BalancingDisabled);
    }

    // The types are internal, or in packages that the application may not have.
    private static bool IsForeign(DelegatingHandler handler) =>
        handler.GetType().Assembly.GetName().Name is "Microsoft.Extensions.ServiceDiscovery" or "Microsoft.Extensions.Http.Resilience";
}
