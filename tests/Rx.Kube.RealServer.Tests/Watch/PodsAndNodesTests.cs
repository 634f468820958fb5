using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Models;
using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Watch;

/// <summary>Folds Pods and Nodes of a real server into stores.</summary>
public sealed class PodsAndNodesTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    private static readonly StoreIndex<Pod, string> ByNode = StoreIndex.By((Pod pod) => pod.NodeName);

    [RealServerFact]
    public async Task A_pod_is_followed_from_creation_over_deletion_to_its_successor()
    {
        using var kube = KubeConnection.FromKubeconfig(server.KubeconfigPath);
        using var stores = new ReplaySubject<ResourceStore<Pod>>();
        using var subscription = kube.Pods(server.Namespace, "app=cache").Resume().ToStore(ByNode).Subscribe(stores);
        var empty = await First(stores, s => s.Freshness.IsLive);
        Assert.Empty(empty);

        await KubectlAsync("create --validate=false -f -", PodManifest("cache-3"));
        var born = await First(stores, s => s.Count == 1);
        var pod = Assert.Single(born.By(ByNode)["n1"]);
        Assert.Equal((server.Namespace, "cache-3", "cache-6f7d"), (pod.Metadata.Namespace, pod.Metadata.Name, pod.Revision));
        Assert.Equal(new OwnerReference("StatefulSet", "cache", "5d9b0bd0-3b4f-4a43-8c1d-000000000001"), pod.Controller);
        Assert.True(pod is { Ordinal: 3, IsTerminating: false, Ready: false, Metadata.Uid.Length: > 0 });

        await KubectlAsync("delete pod cache-3 --wait=false --grace-period=0 --force");
        var leaving = await First(stores, s => s.Values.Any(p => p.IsTerminating));
        Assert.Equal(pod.Metadata.Uid, Assert.Single(leaving.DiffFrom(born).Updated).Current!.Metadata.Uid);

        await KubectlAsync(["patch", "pod", "cache-3", "--type=merge", "-p", """{"metadata":{"finalizers":null}}"""]);
        await First(stores, s => s.Count == 0 && s.Version != empty.Version);
        await KubectlAsync("create --validate=false -f -", PodManifest("cache-3"));
        var again = await First(stores, s => s.Values.Any(p => p.Metadata.Uid != pod.Metadata.Uid));
        var diff = again.DiffFrom(leaving);
        Assert.Equal(
            ("cache-3", "cache-3", 0),
            (Assert.Single(diff.Removed).Key.Name, Assert.Single(diff.Added).Key.Name, diff.Updated.Length));
    }

    [RealServerFact(Needs = Needs.ServerControl)] // Nodes have no namespace: not on an external cluster.
    public async Task A_node_is_followed_through_cordon_and_uncordon()
    {
        var name = $"{server.Namespace}-node";
        using var kube = KubeConnection.FromKubeconfig(server.KubeconfigPath);
        using var stores = new ReplaySubject<ResourceStore<Node>>();
        using var subscription = kube.Nodes($"pool={name}").Resume().ToStore().Subscribe(stores);

        await KubectlAsync("create --validate=false -f -", $$"""
            apiVersion: v1
            kind: Node
            metadata:
              name: {{name}}
              labels: { pool: {{name}}, topology.kubernetes.io/zone: eu-1a, topology.kubernetes.io/region: eu-1 }
            """);
        var node = (await First(stores, s => s.Count == 1))[new ResourceKey(name)];
        Assert.True(node is { Zone: "eu-1a", Region: "eu-1", Unschedulable: false, Ready: false });
        await KubectlAsync(["patch", "node", name, "--type=merge", "-p", """{"spec":{"unschedulable":true}}"""]);
        await First(stores, s => s.Values.Any(n => n.Unschedulable));
        await KubectlAsync(["patch", "node", name, "--type=merge", "-p", """{"spec":{"unschedulable":null}}"""]);
        var uncordoned = await First(
            stores, s => s.Values.Any(n => !n.Unschedulable && n.Metadata.ResourceVersion != node.Metadata.ResourceVersion));
        Assert.Equal(node, uncordoned[new ResourceKey(name)]);
    }

    private static Task<ResourceStore<T>> First<T>(IObservable<ResourceStore<T>> stores, Func<ResourceStore<T>, bool> predicate) =>
        stores.FirstAsync(predicate).Timeout(TimeSpan.FromSeconds(30)).ToTask();

    private static string PodManifest(string name) => $$"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: {{name}}
          labels: { app: cache, controller-revision-hash: cache-6f7d }
          finalizers: [example.com/hold]
          ownerReferences:
            - { apiVersion: apps/v1, kind: StatefulSet, name: cache, uid: 5d9b0bd0-3b4f-4a43-8c1d-000000000001, controller: true }
        spec: { nodeName: n1, containers: [{ name: c, image: example.com/c }] }
        """;

    private async Task KubectlAsync(string arguments, string? stdin = null) =>
        (await server.KubectlAsync(arguments, stdin)).OutputOrThrow();

    private async Task KubectlAsync(IEnumerable<string> arguments) => (await server.KubectlAsync(arguments)).OutputOrThrow();
}
