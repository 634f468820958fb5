using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;

namespace Rx.Kube;

/// <summary>Where the key of a request is, and how many replicas it has; null for the options of the topology.</summary>
internal sealed record RingConfig(Func<HttpContext, string?>? Key, int? Replicas);

/// <summary>The settings of the policy for each cluster, from its metadata and from the options in code.</summary>
internal sealed class RingConfigs(IOptions<KubeDestinationOptions> options)
{
    private readonly ConditionalWeakTable<ClusterConfig, RingConfig> _configs = [];

    public static bool IsRing(ClusterConfig cluster) =>
        string.Equals(cluster.LoadBalancingPolicy, KubeLoadBalancingPolicies.Ring, StringComparison.OrdinalIgnoreCase);

    /// <summary>Gets the settings of a cluster.</summary>
    /// <exception cref="FormatException">They are invalid.</exception>
    public RingConfig Of(ClusterConfig cluster) => _configs.GetValue(cluster, Read);

    private RingConfig Read(ClusterConfig cluster)
    {
        var key = cluster.Metadata?.GetValueOrDefault(KubeLoadBalancingPolicies.KeyMetadata);
        return new(
            options.Value.Keys.GetValueOrDefault(cluster.ClusterId) ?? (key is null ? null : KeyOf(cluster.ClusterId, key)),
            ReplicasOf(cluster));
    }

    private static Func<HttpContext, string?> KeyOf(string cluster, string key)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        var (kind, name) = colon > 0 && colon < key.Length - 1 ? (key[..colon], key[(colon + 1)..]) : ("", "");
        return kind switch
        {
            "header" => context => context.Request.Headers[name],
            "query" => context => context.Request.Query[name],
            "cookie" => context => context.Request.Cookies[name],
            "route" => context => context.GetRouteValue(name)?.ToString(),
            _ => throw Invalid(cluster, KubeLoadBalancingPolicies.KeyMetadata, key, "header:NAME, query:NAME, route:NAME or cookie:NAME"),
        };
    }

    private static int? ReplicasOf(ClusterConfig cluster) =>
        cluster.Metadata?.GetValueOrDefault(KubeLoadBalancingPolicies.ReplicasMetadata) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var replicas) && replicas is >= 1 and <= 100 ? replicas
        : throw Invalid(cluster.ClusterId, KubeLoadBalancingPolicies.ReplicasMetadata, text, "a number from 1 to 100");

    private static FormatException Invalid(string cluster, string name, string value, string valid) => new(
        $"Cluster '{cluster}': the metadata '{name}' is '{value}'. To fix: set it to {valid}.");
}
