using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Rx.Kube;

/// <summary>Makes the resolvers of the scheme <c>k8s</c>, one for each channel; all of them share the watches of the host.</summary>
internal sealed class KubeResolverFactory(IServiceProvider services) : ResolverFactory
{
    public override string Name => KubeTarget.Scheme;

    /// <exception cref="InvalidOperationException">The address means no registered topology. GrpcChannel passes it on.</exception>
    public override Resolver Create(ResolverOptions options)
    {
        var target = KubeTarget.Of(options.Address, services);
        var settings = services.GetRequiredService<IOptionsMonitor<KubeTopologyOptions>>().Get(target.Topology.Name);
        var isOurs = options.ChannelOptions.ServiceConfig?.LoadBalancingConfigs is [{ PolicyName: var policy }, ..] &&
            policy is KubeRingConfig.Policy or KubeRingConfig.RoundRobinPolicy;
        return new KubeResolver(target, services.GetRequiredService<KubePodOptions>(), settings, isOurs, options.LoggerFactory);
    }
}
