using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.ServiceDiscovery;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Rx.Kube;

/// <summary>Lets YARP follow the topologies of the host.</summary>
public static class KubeReverseProxyExtensions
{
    /// <summary>
    /// Resolves the destinations of all clusters: one whose address is that of a Service with a topology, such as <c>http://_http.cache</c>
    /// or <c>http://cache.prod</c>, becomes one destination for each member; others pass through.
    /// </summary>
    /// <param name="builder">The reverse proxy.</param>
    /// <param name="configure">Changes the options; null for nothing.</param>
    /// <returns>The reverse proxy.</returns>
    /// <remarks>
    /// <para>The id of such a destination is <c>ID/MEMBER</c>, with the id of the configured destination. It stays when the member comes
    /// back at another address, and so does session affinity. When another pod has the name, its health starts over.</para>
    /// <para>Destinations of other hosts go to the resolver that was registered before, such as that of
    /// <c>AddServiceDiscoveryDestinationResolver</c>. YARP has one resolver: call this method after such methods.</para>
    /// <para>The policy <see cref="KubeLoadBalancingPolicies.Ring"/> can be used in every cluster.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IReverseProxyBuilder AddKubeDestinations(
        this IReverseProxyBuilder builder, Action<KubeDestinationOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (configure is not null)
        {
            services.Configure(configure);
        }

        if (services.Any(service => service.ServiceType == typeof(DestinationFeeds)))
        {
            return builder;
        }

        services.AddSingleton<IValidateOptions<KubeDestinationOptions>, OptionsValidation>();
        services.AddOptions<KubeDestinationOptions>().ValidateOnStart();
        services.AddSingleton(provider => new DestinationFeeds(
            provider.GetService<KubeTopologies>() ?? throw new InvalidOperationException(
                "No topology is registered. To fix: call builder.AddKubeTopology(\"NAME\") for each Service that a destination names."),
            provider.GetRequiredService<IOptions<KubeDestinationOptions>>().Value, LogOf(provider)));
        var inner = services.LastOrDefault(service => service.ServiceType == typeof(IDestinationResolver) && !service.IsKeyedService);
        services.AddSingleton<IDestinationResolver>(provider => new KubeDestinationResolver(
            provider.GetRequiredService<DestinationFeeds>(), new ForeignDestinations(Create(inner, provider), LogOf(provider))));
        services.AddSingleton<RingConfigs>();
        services.AddSingleton(provider => new KubeRingPolicy(
            provider.GetRequiredService<DestinationFeeds>().Topologies,
            provider.GetRequiredService<IOptionsMonitor<KubeTopologyOptions>>(), provider.GetRequiredService<KubePodOptions>(),
            provider.GetRequiredService<RingConfigs>()));
        services.AddSingleton<ILoadBalancingPolicy>(provider => provider.GetRequiredService<KubeRingPolicy>());
        services.AddSingleton<ITransformProvider, ReplicaCheck>();
        services.AddSingleton<IClusterChangeListener, PodIncarnations>();
        services.AddSingleton<IProxyConfigFilter>(provider => new ClusterFilter(
            provider.GetRequiredService<RingConfigs>(), provider.GetRequiredService<IDestinationResolver>(), LogOf(provider)));
        return builder;
    }

    /// <summary>
    /// Sends a request again, to another destination, when the first one could not be reached or broke off before anything was sent to the
    /// client. Add it between session affinity and load balancing, so that load balancing chooses again, and passive health checks see
    /// each attempt.
    /// </summary>
    /// <param name="proxyPipeline">The pipeline of the proxy.</param>
    /// <returns>The pipeline.</returns>
    /// <remarks>
    /// A request whose connection could not be established was never sent: it is repeated whatever its method. Any other failure is only
    /// repeated for idempotent methods (GET, HEAD, OPTIONS, TRACE, PUT, DELETE; source: RFC 9110, 9.2.2) without a body, or with one of
    /// at most <see cref="KubeDestinationOptions.RetryBodySize"/>. An answer of the destination, whatever its status, is never repeated,
    /// and neither is a time-out of <c>ActivityTimeout</c>. A request with a key is only repeated at the replicas of the key.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="proxyPipeline"/> is null.</exception>
    public static IReverseProxyApplicationBuilder UseKubeRetry(this IReverseProxyApplicationBuilder proxyPipeline)
    {
        ArgumentNullException.ThrowIfNull(proxyPipeline);
        proxyPipeline.UseMiddleware<KubeRetryMiddleware>();
        return proxyPipeline;
    }

    private static ILogger LogOf(IServiceProvider provider) =>
        provider.GetRequiredService<ILoggerFactory>().CreateLogger(YarpLog.Category);

    private static IDestinationResolver? Create(ServiceDescriptor? inner, IServiceProvider provider) =>
        inner is null ? null
        : (IDestinationResolver)(inner.ImplementationInstance ?? inner.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!));

    private sealed class OptionsValidation : IValidateOptions<KubeDestinationOptions>
    {
        public ValidateOptionsResult Validate(string? name, KubeDestinationOptions options) =>
            options.Faults().ToList() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
