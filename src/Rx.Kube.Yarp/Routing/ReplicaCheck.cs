using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Rx.Kube;

/// <summary>
/// YARP asks no policy when only one destination is left. If that one is no replica of the request's key, it does not have the key, and
/// could answer as if there was none: the request is answered with 503 instead, as by the policy.
/// </summary>
internal sealed class ReplicaCheck(KubeRingPolicy policy, IServiceProvider services) : ITransformProvider
{
    // The state of the clusters is built from the transforms.
    private readonly Lazy<IProxyStateLookup> _clusters = new(services.GetRequiredService<IProxyStateLookup>);

    public void Apply(TransformBuilderContext context)
    {
        if (context.Cluster is { } cluster && RingConfigs.IsRing(cluster) && cluster.SessionAffinity?.Enabled != true)
        {
            context.AddRequestTransform(transform =>
            {
                if (!IsReplica(transform.HttpContext))
                {
                    transform.HttpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                }

                return default;
            });
        }
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    private bool IsReplica(HttpContext context)
    {
        var feature = context.GetReverseProxyFeature();
        return feature.ProxiedDestination is not { } destination ||
            !_clusters.Value.TryGetCluster(feature.Cluster.Config.ClusterId, out var cluster) ||
            cluster.DestinationsState.AvailableDestinations.Count > 1 ||
            policy.PickDestination(context, cluster, destination) is not null;
    }
}
