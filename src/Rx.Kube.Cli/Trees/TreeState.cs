using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Cli.Objects;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Trees;

/// <summary>Represents a Service with all that stands behind its endpoints, at one moment. Immutable.</summary>
/// <param name="Name">The Service.</param>
/// <param name="Topology">Its slices and endpoints.</param>
/// <param name="Services">The Service object.</param>
/// <param name="Pods">The pods of its namespace.</param>
/// <param name="Nodes">The nodes of the cluster.</param>
internal sealed record TreeState(
    ServiceName Name, ServiceTopology Topology, TreeSide<ServiceObject> Services, TreeSide<PodObject> Pods, TreeSide<NodeObject> Nodes)
{
    /// <summary>Gets whether all is known that can be known.</summary>
    public bool IsComplete => Topology.Freshness.IsSynced && Services.IsKnown && Pods.IsKnown && Nodes.IsKnown;

    /// <summary>Gets the Service object; null if there is none, or unknown.</summary>
    public ServiceObject? Service => Services.Find(Name.Namespace, Name.Name);

    /// <summary>Gets the permissions that are missing.</summary>
    public IEnumerable<MissingPermission> Missing =>
        new[] { Services.Missing, Pods.Missing, Nodes.Missing }.OfType<MissingPermission>();

    /// <summary>Gets the pods that the Service selects and that no endpoint names, by name.</summary>
    public IEnumerable<PodObject> Unlisted
    {
        get
        {
            if (Service?.Spec?.Selector is not { Count: > 0 } || Pods.Synced is not { } pods)
            {
                return [];
            }

            var listed = Topology.Endpoints.Select(e => e.Pod).OfType<string>().ToHashSet(StringComparer.Ordinal);
            return pods.Values.Where(p => !listed.Contains(p.Metadata.Name) && IsSelected(p))
                .OrderBy(p => p.Metadata.Name, StringComparer.Ordinal);
        }
    }

    /// <summary>Watches a Service and what stands behind its endpoints.</summary>
    /// <param name="context">The snapshots and the connection; without one, as in a recording, there are only the endpoints.</param>
    /// <param name="scheduler">The clock.</param>
    /// <returns>The states; the first one has nothing but the endpoints.</returns>
    public static IObservable<TreeState> Watch(WatchContext context, IScheduler scheduler)
    {
        var name = context.Service;
        if (context.Connection is not { } connection)
        {
            return context.Snapshots.Select(topology => new TreeState(
                name, topology, TreeSide<ServiceObject>.None, TreeSide<PodObject>.None, TreeSide<NodeObject>.None));
        }

        var inNamespace = new ResourceSelection { Namespace = name.Namespace, Limits = WatchSources.Limits };
        return context.Snapshots.CombineLatest(
            TreeSide<ServiceObject>.Watch(
                connection, ObjectKinds.Services, inNamespace with { FieldSelector = $"metadata.name={name.Name}" }, scheduler),
            TreeSide<PodObject>.Watch(connection, ObjectKinds.Pods, inNamespace, scheduler),
            TreeSide<NodeObject>.Watch(connection, ObjectKinds.Nodes, new() { Limits = WatchSources.Limits }, scheduler),
            (topology, services, pods, nodes) => new TreeState(name, topology, services, pods, nodes));
    }

    /// <summary>Checks whether the Service selects a pod.</summary>
    public bool IsSelected(PodObject pod) => Service?.Spec?.Selector is { Count: > 0 } selector &&
        selector.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    /// <summary>Finds the pod of an endpoint; null if it is not there, another one of its name, or unknown.</summary>
    public PodObject? PodOf(TopologyEndpoint endpoint) =>
        Pods.Find(Name.Namespace, endpoint.Pod) is { } pod && (endpoint.Uid is null || endpoint.Uid == pod.Metadata.Uid) ? pod : null;

    /// <summary>Finds the node of an endpoint; null if it is not there, or unknown.</summary>
    public NodeObject? NodeOf(TopologyEndpoint endpoint) => Nodes.Find("", endpoint.Node);

    /// <summary>Says whether an endpoint gets traffic, and why.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>The reason, escaped.</returns>
    public (bool GetsTraffic, string Why) TrafficOf(TopologyEndpoint endpoint)
    {
        var pod = PodOf(endpoint);
        var problem = pod is null ? null : PodText.Problem(pod, NodeOf(endpoint));
        var isGone = endpoint.Pod is not null && pod is null && Pods.Synced is not null;
        var behind = isGone ? "its pod is gone, and the slice does not know that yet" : null;
        return endpoint switch
        {
            { Ready: true } when behind is not null => (true, $"it is ready, but {behind}"),
            { Ready: true } when problem is not null && Service?.Spec?.PublishNotReadyAddresses == true =>
                (true, $"the Service publishes addresses that are not ready; its pod {problem}"),
            { Ready: true } when problem is not null => (true, $"it is ready, but its pod {problem}: the slice does not know that yet"),
            { Ready: true } => (true, "it is ready" + Hints(endpoint)),
            { Serving: true, Terminating: true } when Topology.Ready.IsEmpty =>
                (true, "it is leaving, but serves, and no endpoint is ready"),
            { Serving: true, Terminating: true } =>
                (false, $"it is leaving, and others are ready; its pod {problem ?? "is being deleted"}"),
            { Terminating: true } => (false, $"it is leaving, and does not serve any more; its pod {problem ?? "is being deleted"}"),
            _ when problem is not null => (false, $"it is not ready: its pod {problem}"),
            _ when behind is not null => (false, $"it is not ready: {behind}"),
            _ when pod is not null => (false, "it is not ready, but its pod is: the slice does not know that yet"),
            { Pod: null } => (false, "it is not ready, as its slice says; it has no pod"),
            _ => (false, "it is not ready" + (Pods.Missing is null ? "" : "; the permission to list pods would tell why")),
        };
    }

    private static string Hints(TopologyEndpoint endpoint) =>
        !endpoint.ForNodes.IsEmpty ? $"; hints: for node {string.Join(", ", endpoint.ForNodes.Select(EndpointFormat.Name))}"
        : !endpoint.ForZones.IsEmpty ? $"; hints: for zone {string.Join(", ", endpoint.ForZones.Select(EndpointFormat.Name))}"
        : "";
}
