using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Rx.Kube;

/// <summary>Registers topologies, and the one connection that they use, in a host.</summary>
public static class KubeHostingExtensions
{
    private const string ReadyTag = "ready";

    /// <summary>Registers the topology of a Service: one watch for the whole process, whatever the number of its users.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="name">
    /// The name of the topology, and of the Service unless <see cref="KubeTopologyOptions.Service"/> is set. Not empty, without a colon.
    /// </param>
    /// <param name="configure">Changes the options, after the configuration has; null for nothing.</param>
    /// <returns>The host.</returns>
    /// <inheritdoc cref="AddKubeTopology(IServiceCollection, string, Action{KubeTopologyOptions}?)" path="/remarks|/exception"/>
    public static IHostApplicationBuilder AddKubeTopology(
        this IHostApplicationBuilder builder, string name, Action<KubeTopologyOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKubeTopology(name, configure);
        return builder;
    }

    /// <summary>Registers the topology of a Service: one watch for the whole process, whatever the number of its users.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">
    /// The name of the topology, and of the Service unless <see cref="KubeTopologyOptions.Service"/> is set. Not empty, without a colon.
    /// </param>
    /// <param name="configure">Changes the options, after the configuration has; null for nothing.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// <para>Injectable with <paramref name="name"/> as the key, and without a key while there is only one topology:
    /// <see cref="IKubeTopology"/>, <c>IObservable&lt;ServiceTopology&gt;</c>, <c>CurrentValue&lt;ServiceTopology&gt;</c>,
    /// <c>IObservable&lt;RingView&gt;</c> and <c>CurrentValue&lt;RingView&gt;</c>; and, without a key, <see cref="KubeConnection"/> and
    /// <see cref="KubePodOptions"/>. What the application has registered before under such a type without a key stays.</para>
    /// <para>A health check <c>kube-topology-NAME</c> has the tag <c>ready</c>. It is unhealthy until the first complete list, and degraded
    /// when the snapshot has been stale for longer than <see cref="KubeTopologyOptions.StaleLimit"/>; it is never worse after the first
    /// list. The same name may be added several times: each call changes the options further.</para>
    /// <para>Names of the same Service, such as one for each number of replicas, share one watch if <see
    /// cref="KubeTopologyOptions.LabelSelector"/>, <see cref="KubeTopologyOptions.Resume"/>, <see cref="KubeTopologyOptions.Limits"/>,
    /// <see cref="KubeTopologyOptions.TopologyLimits"/>, <see cref="KubeTopologyOptions.MemberOf"/> and
    /// <see cref="KubeTopologyOptions.Scheduler"/> are equal too.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty or has a colon.</exception>
    public static IServiceCollection AddKubeTopology(
        this IServiceCollection services, string name, Action<KubeTopologyOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException("The name of a topology is a key of the configuration and must not contain a colon.", nameof(name));
        }

        services.AddKubeConnection();
        AddHost(services);
        if (TopologyNames.Of(services).Add(name))
        {
            AddNamed(services, name);
        }

        if (configure is not null)
        {
            services.Configure(name, configure);
        }

        return services;
    }

    /// <summary>
    /// Changes which API server the one connection of the host uses. <see cref="AddKubeTopology(IServiceCollection, string,
    /// Action{KubeTopologyOptions}?)"/> registers the connection too, so this is only needed for changes in code.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Changes the settings, after the configuration has; null for nothing.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// The connection is made when the first user needs it, and disposed with the host. An invalid configuration then throws a
    /// <see cref="KubeConfigurationException"/>, which fails the start. If the application has registered a <see cref="KubeConnection"/>
    /// of its own, that one is used.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddKubeConnection(
        this IServiceCollection services, Action<KubeConnectionSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<KubeConnectionSettings>, ConnectionConfiguration>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KubeConnectionSettings>, ConnectionConfiguration>());
        services.AddOptions<KubeConnectionSettings>().ValidateOnStart();
        services.TryAddSingleton(provider => HostConnection.Create(
            provider.GetRequiredService<IOptions<KubeConnectionSettings>>().Value, LogOf(provider)));
        if (configure is not null)
        {
            services.Configure(configure);
        }

        return services;
    }

    private static void AddHost(IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<KubeTopologyOptions>, TopologyConfiguration>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KubeTopologyOptions>, TopologyConfiguration>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<KubePodOptions>, PodConfiguration>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<KubePodOptions>, PodConfiguration>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KubePodOptions>, PodConfiguration>());
        services.AddOptions<KubePodOptions>().ValidateOnStart();
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<KubePodOptions>>().Value);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TopologyLifetime>());
        services.TryAddSingleton<ServiceWatches>();
        services.TryAddSingleton(provider => new KubeTopologies(
            provider.GetRequiredService<TopologyNames>().All.Select(name => provider.GetRequiredKeyedService<IKubeTopology>(name)),
            provider.GetRequiredService<KubeConnection>().Namespace));
        AddUnkeyed<IKubeTopology>(services);
        AddUnkeyed<IObservable<ServiceTopology>>(services);
        AddUnkeyed<IObservable<RingView>>(services);
        AddUnkeyed<CurrentValue<ServiceTopology>>(services);
        AddUnkeyed<CurrentValue<RingView>>(services);
    }

    private static void AddNamed(IServiceCollection services, string name)
    {
        services.AddOptions<KubeTopologyOptions>(name).ValidateOnStart();
        services.AddKeyedSingleton(name, (provider, _) => new HostedTopology(
            name, provider.GetRequiredService<IOptionsMonitor<KubeTopologyOptions>>().Get(name),
            provider.GetRequiredService<ServiceWatches>(), LogOf(provider)));
        services.AddKeyedSingleton<IKubeTopology>(name, (provider, _) => provider.GetRequiredKeyedService<HostedTopology>(name));
        AddKeyed(services, name, topology => topology.Snapshots);
        AddKeyed(services, name, topology => topology.Rings);
        AddKeyed(services, name, topology => topology.Current);
        AddKeyed(services, name, topology => topology.CurrentRing);
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"kube-topology-{name}", provider => new TopologyHealthCheck(provider.GetRequiredKeyedService<HostedTopology>(name)),
            failureStatus: null, [ReadyTag]));
    }

    private static void AddKeyed<T>(IServiceCollection services, string name, Func<IKubeTopology, T> get)
        where T : class =>
        services.AddKeyedSingleton(name, (provider, _) => get(provider.GetRequiredKeyedService<IKubeTopology>(name)));

    private static void AddUnkeyed<T>(IServiceCollection services)
        where T : class =>
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<T>(provider.GetRequiredService<TopologyNames>().Only()));

    // A collection of services without logging is enough for a test.
    private static ILogger LogOf(IServiceProvider provider) =>
        (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger(HostLog.Category);
}
