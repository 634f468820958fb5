using Grpc.Net.Client.Balancer;

namespace Rx.Kube;

/// <summary>The policy with keys.</summary>
internal sealed class KubeRingFactory : LoadBalancerFactory
{
    public override string Name => KubeRingConfig.Policy;

    public override LoadBalancer Create(LoadBalancerOptions options) => KubeBalancer.Create(options, hasHeader: true);
}

/// <summary>The policy without keys.</summary>
internal sealed class KubeRoundRobinFactory : LoadBalancerFactory
{
    public override string Name => KubeRingConfig.RoundRobinPolicy;

    public override LoadBalancer Create(LoadBalancerOptions options) => KubeBalancer.Create(options, hasHeader: false);
}
