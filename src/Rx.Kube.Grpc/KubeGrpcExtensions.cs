using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Rx.Kube;

/// <summary>
/// Addresses such as <c>k8s:///cache:grpc</c> for clients of gRPC, and load balancing by key. The load balancing of Grpc.Net.Client is
/// experimental: its authors may change it.
/// </summary>
public static class KubeGrpcExtensions
{
    /// <summary>
    /// Registers what channels of this host need for the addresses of topologies: the resolver of the scheme <c>k8s</c>, and the load
    /// balancing policies <c>kube_ring</c> and <c>kube_round_robin</c>.
    /// </summary>
    /// <param name="services">The services of the host, with <c>AddKubeTopology</c> for each Service that an address means.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// <see cref="AddKubeLoadBalancing"/> calls it. A channel without the client factory needs it, and
    /// <see cref="UseKubeLoadBalancing"/>.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddKubeGrpc(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ResolverFactory, KubeResolverFactory>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<LoadBalancerFactory, KubeRingFactory>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<LoadBalancerFactory, KubeRoundRobinFactory>());
        return services;
    }

    /// <summary>
    /// Balances the calls of a gRPC client whose address is <c>k8s:///SERVICE</c>, <c>k8s:///SERVICE.NAMESPACE</c>, each with or without
    /// <c>:PORT</c>, a name or a number.
    /// </summary>
    /// <param name="builder">What <c>AddGrpcClient</c> returned.</param>
    /// <param name="configure">Sets the key, the replicas, retries and TLS; null for round robin near this pod, without TLS.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>Without a named port, the one named <c>grpc</c> is used, else the only one.</para>
    /// <para>The handlers of service discovery and of resilience are taken out of this client, and its primary handler may balance again:
    /// <c>AddServiceDiscovery</c>, as in the defaults of Aspire, forbids it. They would work below the balancer, where the address is
    /// chosen already; <see cref="KubeLoadBalancing.Retry"/> does it above. Other handlers stay.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="builder"/> is not that of a gRPC client.</exception>
    public static IHttpClientBuilder AddKubeLoadBalancing(this IHttpClientBuilder builder, Action<KubeLoadBalancing>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKubeGrpc();
        builder.ConfigurePrimaryHttpMessageHandler((handler, _) => GrpcHandlers.Tune(handler));
        builder.ConfigureAdditionalHttpMessageHandlers((handlers, _) => GrpcHandlers.KeepOwn(handlers));
        return builder.ConfigureChannel((services, channel) =>
        {
            GrpcHandlers.AllowBalancing(channel.HttpHandler);
            channel.UseKubeLoadBalancing(services, configure);
        });
    }

    /// <summary>Balances the calls of a channel that is made without the client factory.</summary>
    /// <param name="channel">The options of the channel.</param>
    /// <param name="services">The services, with <c>AddKubeTopology</c> and <see cref="AddKubeGrpc"/>.</param>
    /// <param name="configure">Sets the key, the replicas, retries and TLS; null for round robin near this pod, without TLS.</param>
    /// <returns>The options.</returns>
    /// <remarks>
    /// <para>Credentials that are set already stay; without them, the channel has no TLS unless <see cref="KubeLoadBalancing.Tls"/> says
    /// so. A service config that is set already keeps its methods, and gets the policy.</para>
    /// <para>If the channel has no handler, it gets one whose attempts to connect end after 3 s. The longest pause between two
    /// attempts becomes 5 s, unless it has been changed from its default.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="channel"/> or <paramref name="services"/> is null.</exception>
    public static GrpcChannelOptions UseKubeLoadBalancing(
        this GrpcChannelOptions channel, IServiceProvider services, Action<KubeLoadBalancing>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(services);
        var balancing = new KubeLoadBalancing();
        configure?.Invoke(balancing);
        balancing.ApplyTo(channel, services);
        return channel;
    }
}
