using System.Collections.Frozen;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Rx.Kube;

/// <summary>What a destination is, in its metadata, for the policy and for transforms of the application.</summary>
internal static class DestinationMetadata
{
    public const string Topology = "Rx.Kube.Topology";
    public const string Member = "Rx.Kube.Member";
    public const string Uid = "Rx.Kube.Uid";
    public const string Draining = "Rx.Kube.Draining";

    private static readonly IReadOnlyDictionary<string, string> _none = FrozenDictionary<string, string>.Empty;

    public static Dictionary<string, string> Of(
        DestinationConfig configured, IKubeTopology topology, MemberEndpoints member, TopologyEndpoint endpoint)
    {
        var metadata = new Dictionary<string, string>(configured.Metadata ?? _none, StringComparer.OrdinalIgnoreCase);
        metadata[Topology] = topology.Name;
        metadata[Member] = member.Member;
        metadata[Draining] = member.IsDraining ? "true" : "false";
        if (endpoint.Uid is { } uid)
        {
            metadata[Uid] = uid;
        }

        return metadata;
    }

    public static bool IsDraining(DestinationConfig destination) => Get(destination, Draining) == "true";

    public static string? Get(DestinationConfig destination, string name) => destination.Metadata?.GetValueOrDefault(name);

    public static string? Get(DestinationState destination, string name) => Get(destination.Model.Config, name);
}
