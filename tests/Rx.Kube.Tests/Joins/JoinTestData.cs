using System.Collections.Frozen;
using System.Reactive.Linq;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Joins;

/// <summary>Builds the sides of a join, and shows joins as text.</summary>
internal static class JoinTestData
{
    public static readonly ServiceName Cache = new("prod", "cache");

    public static EndpointSlice Slice(params Endpoint[] endpoints) => Topology.TopologyTestData.Slice("s", endpoints);

    /// <summary>An endpoint of a pod, at an address derived from its number, on a node.</summary>
    public static Endpoint Endpoint(int i, string? uid = "u1", string? node = null) => new()
    {
        Addresses = [$"10.0.0.{i}"],
        NodeName = node,
        TargetRef = new TargetReference("Pod", "prod", $"cache-{i}", uid ?? ""),
    };

    public static Pod Pod(int i, string uid = "u1", string revision = "r1", string @namespace = "prod") => new()
    {
        Metadata = new ObjectMeta
        {
            Name = $"cache-{i}",
            Namespace = @namespace,
            Uid = uid,
            Labels = new Dictionary<string, string> { [Rx.Kube.Models.Pod.RevisionLabel] = revision }.ToFrozenDictionary(),
        },
    };

    public static Node Node(string name, string zone = "a") => new()
    {
        Metadata = new ObjectMeta
        {
            Name = name,
            Labels = new Dictionary<string, string> { [Rx.Kube.Models.Node.ZoneLabel] = zone }.ToFrozenDictionary(),
        },
    };

    public static WatchEvent<T> Listed<T>(params T[] items) => new WatchEvent<T>.Listed([.. items], "1");

    public static WatchEvent<T> Modified<T>(T item) => new WatchEvent<T>.Modified(item, "2");

    public static WatchEvent<T> Deleted<T>(T item) => new WatchEvent<T>.Deleted(item, "2");

    public static WatchEvent<T> Resumed<T>() => new WatchEvent<T>.Resumed();

    public static WatchEvent<T> Interrupted<T>(int since = 0) => new WatchEvent<T>.Interrupted(Lost(since));

    public static WatchInterruption Lost(int since) =>
        Topology.TopologyTestData.Interruption with { Since = DateTimeOffset.UnixEpoch.AddSeconds(since) };

    public static ServiceTopology TopologyOf(params WatchEvent<EndpointSlice>[] events) =>
        Topology.TopologyTestData.Fold(Cache, events)[^1];

    public static ResourceStore<T> Store<T>(params WatchEvent<T>[] events)
        where T : IResource => events.ToObservable().ToStore().Wait();

    /// <summary>One join of the sides that are given.</summary>
    public static JoinedTopology Join(ServiceTopology topology, ResourceStore<Pod>? pods = null, ResourceStore<Node>? nodes = null)
    {
        var joined = pods is not null ? Observable.Return(topology).WithPods(Observable.Return(pods)) : null;
        return (nodes is null ? joined! : joined is null
            ? Observable.Return(topology).WithNodes(Observable.Return(nodes))
            : joined.WithNodes(Observable.Return(nodes))).Wait();
    }

    /// <summary>A join as text, with everything that it shows.</summary>
    public static string Show(JoinedTopology joined) => string.Join(' ',
    [
        $"{joined.Freshness}{(joined.IsComplete ? "" : "!")}:",
        .. joined.Endpoints.Select(e =>
            $"{e.Endpoint.Member}#{e.Endpoint.Uid}@{e.Endpoint.Node}({e.Pod?.Metadata.Uid}{e.Pod?.Revision},{e.Zone})"),
        .. joined.Missing.Select(m => $"-{m.Kind} {m.Name} {m.Reason}"),
    ]);
}
