using Rx.Kube.Models;

namespace Rx.Kube;

public static partial class KubeObservable
{
    /// <summary>Joins the endpoints of a Service with their Pods: labels, ordinal, revision, and whether they are being deleted.</summary>
    /// <param name="source">The Service's topology.</param>
    /// <param name="pods">The pods of the Service's namespace, or those that the Service selects.</param>
    /// <returns>A cold observable: one subscription subscribes to both sides. The effect of each event:
    /// <list type="table">
    /// <item><term>A snapshot of one side</term><description>one snapshot, joined with the latest one of the other side; none before the
    /// other side's first</description></item>
    /// <item><term>A side is syncing</term><description>the joined snapshot is syncing, so <see cref="JoinedTopology.IsComplete"/> is
    /// false</description></item>
    /// <item><term>A side is interrupted</term><description>the joined snapshot is stale, with that side's cause; what is known stays
    /// joined</description></item>
    /// <item><term>A side is resumed or listed again</term><description>the joined snapshot is as fresh as the other
    /// side</description></item>
    /// <item><term>An endpoint whose pod is missing, or is another incarnation (another uid)</term><description>it has no
    /// <see cref="JoinedEndpoint.Pod"/>, is in <see cref="JoinedTopology.Missing"/>, and the snapshot is not complete until the two sides
    /// match</description></item>
    /// <item><term>A pod that no endpoint names</term><description>a snapshot that equals the one before</description></item>
    /// <item><term>OnError of a side</term><description>passed on at once; the other side is unsubscribed from</description></item>
    /// <item><term>OnCompleted of a side</term><description>its last snapshot is still joined; when both have completed, OnCompleted. If it
    /// never emitted a snapshot: OnCompleted as soon as the other side emits its next snapshot or completes</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// <code>
    /// topology        t-----u--------&gt;    t: cache-0 is uid 1          u: cache-0 is uid 2
    /// pods            ---p-----q--r--&gt;    p: cache-0 is uid 1          q: cache-0 is uid 2    r: another Service's pod
    /// WithPods(pods)  ---a--b--c--d--&gt;    a, c, d complete, c equals d; b: cache-0 is missing, the pod is another incarnation
    /// </code>
    /// <para>The two sides are two watches: they are never known to be at the same version, and a change that affects both appears on one
    /// side first. In between, <see cref="JoinedTopology.IsComplete"/> is false. The operator keeps the latest snapshot of each side
    /// and the last joined snapshot whose <see cref="JoinedTopology.Missing"/> was read. An endpoint is joined only when it is read.</para>
    /// <para>The sides may emit on different threads. Snapshots arrive one at a time, on the thread of the side that caused them, and no
    /// lock is held during OnNext: neither side waits for a busy subscriber. The latest snapshot is delivered on the same thread when the
    /// subscriber returns, and earlier snapshots are skipped.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<JoinedTopology> WithPods(this IObservable<ServiceTopology> source, IObservable<ResourceStore<Pod>> pods)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(pods);
        return JoinOperator.Create(source, pods, static (topology, p, missing) => new JoinedTopology(topology, p, nodes: null, missing));
    }

    /// <summary>
    /// Joins the endpoints of a Service, already joined with their Nodes, with their Pods. Each event has the same effect as in
    /// <see cref="WithPods(IObservable{ServiceTopology}, IObservable{ResourceStore{Pod}})"/>.
    /// </summary>
    /// <param name="source">The Service's topology, joined with nodes. Pods that were already joined are replaced.</param>
    /// <param name="pods">The pods of the Service's namespace, or those that the Service selects.</param>
    /// <returns>A cold observable: one subscription subscribes to both sides.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<JoinedTopology> WithPods(this IObservable<JoinedTopology> source, IObservable<ResourceStore<Pod>> pods)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(pods);
        return JoinOperator.Create(
            source, pods, static (joined, p, missing) => new JoinedTopology(joined.Topology, p, joined.Nodes, missing));
    }

    /// <summary>
    /// Joins the endpoints of a Service with their Nodes: labels, zone and region, readiness. Each event has the same effect as in
    /// <see cref="WithPods(IObservable{ServiceTopology}, IObservable{ResourceStore{Pod}})"/>, but an endpoint refers to its node by name
    /// only, without the uid.
    /// </summary>
    /// <param name="source">The Service's topology.</param>
    /// <param name="nodes">The nodes of the cluster.</param>
    /// <returns>A cold observable: one subscription subscribes to both sides.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<JoinedTopology> WithNodes(this IObservable<ServiceTopology> source, IObservable<ResourceStore<Node>> nodes)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(nodes);
        return JoinOperator.Create(source, nodes, static (topology, n, missing) => new JoinedTopology(topology, pods: null, n, missing));
    }

    /// <summary>
    /// Joins the endpoints of a Service, already joined with their Pods, with their Nodes. Each event has the same effect as in
    /// <see cref="WithNodes(IObservable{ServiceTopology}, IObservable{ResourceStore{Node}})"/>.
    /// </summary>
    /// <param name="source">The Service's topology, joined with pods. Nodes that were already joined are replaced.</param>
    /// <param name="nodes">The nodes of the cluster.</param>
    /// <returns>A cold observable: one subscription subscribes to both sides.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<JoinedTopology> WithNodes(this IObservable<JoinedTopology> source, IObservable<ResourceStore<Node>> nodes)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(nodes);
        return JoinOperator.Create(
            source, nodes, static (joined, n, missing) => new JoinedTopology(joined.Topology, joined.Pods, n, missing));
    }
}
