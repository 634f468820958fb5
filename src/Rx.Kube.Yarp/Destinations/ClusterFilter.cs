using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Rx.Kube;

/// <summary>
/// Checks the settings of the policy, which fails the start as every invalid configuration of YARP does, and leaves draining members out of
/// clusters with another policy, which would give them new requests.
/// </summary>
internal sealed class ClusterFilter : IProxyConfigFilter
{
    private readonly RingConfigs _rings;

    public ClusterFilter(RingConfigs rings, IDestinationResolver resolver, ILogger log)
    {
        _rings = rings;
        if (resolver is not KubeDestinationResolver)
        {
            YarpLog.Replaced(log, resolver.GetType().FullName);
        }
    }

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel)
    {
        if (RingConfigs.IsRing(cluster))
        {
            _ = _rings.Of(cluster);
            return new(cluster);
        }

        return new(cluster.Destinations is { } all && all.Values.Any(DestinationMetadata.IsDraining) &&
            !all.Values.All(DestinationMetadata.IsDraining)
                ? cluster with
                {
                    Destinations = all.Where(destination => !DestinationMetadata.IsDraining(destination.Value))
                        .ToDictionary(StringComparer.OrdinalIgnoreCase),
                }
                : cluster);
    }

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) => new(route);
}
