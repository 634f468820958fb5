namespace Rx.Kube;

/// <summary>
/// Names for the configuration of a cluster of YARP, beside its own <c>LoadBalancingPolicies</c>: the policy, and the keys of the
/// cluster's metadata that it reads.
/// </summary>
public static class KubeLoadBalancingPolicies
{
    /// <summary>
    /// The policy <c>KubeRing</c>. A request with a key goes to the owner of the key on the current ring of the topology, and to its next
    /// replica if the owner is unhealthy, draining or away; a request without a key goes round over the endpoints for this pod's node and
    /// zone. Draining members get no new keys and no new sessions, unless no other is left.
    /// </summary>
    public const string Ring = "KubeRing";

    /// <summary>
    /// The key <c>KubeRing.Key</c> of the metadata: where the key of a request is, as <c>header:x-user</c>, <c>query:user</c>,
    /// <c>route:id</c> or <c>cookie:sid</c>. <see cref="KubeDestinationOptions.ByKey"/> in code takes precedence.
    /// </summary>
    public const string KeyMetadata = "KubeRing.Key";

    /// <summary>
    /// The key <c>KubeRing.Replicas</c> of the metadata: the number of replicas of a key that may be asked, from 1 to 100. Without it, the
    /// replicas of the topology's options.
    /// </summary>
    public const string ReplicasMetadata = "KubeRing.Replicas";
}
