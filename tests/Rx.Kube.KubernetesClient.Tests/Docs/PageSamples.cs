using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Rx.Kube.KubernetesClient.Tests.Docs;

// The code of docs/kubernetesclient.md and docs/from-kubernetesclient.md, between markers.

// <kubernetesclient>
public sealed class CacheMembers(IKubernetes kubernetes, KubernetesClientConfiguration configuration) : IDisposable
{
    private readonly KubeConnection _kube = kubernetes.ToRxKube(configuration);

    public IObservable<ServiceTopology> Topology => _kube
        .EndpointSlices(service: "cache")      // in the namespace of the configuration
        .Resume()                              // list, watch, resume and relist
        .ToTopology();                         // immutable snapshots

    public void Dispose() => _kube.Dispose();  // the client stays yours
}
// </kubernetesclient>

internal static class PageSamples
{
    public static (IObservable<ResourceStore<V1Pod>> Pods, IObservable<ResourceStore<V1Deployment>> Deployments,
        IObservable<ServiceTopology> Topology) Models(KubeConnection kube)
    {
        // <kubernetesclient-models>
        var byNode = StoreIndex.By<V1Pod, string>(pod => pod.Spec.NodeName ?? "");
        var pods = kube.Resources(KubernetesKinds.Pods, new() { Namespace = "prod" }).Resume().ToStore(byNode);

        var deployments = kube.Resources(KubernetesKind.Of<V1Deployment>()).Resume().ToStore();

        var topology = kube.Resources(KubernetesKinds.EndpointSlices, new() { Namespace = "prod" }).Resume()
            .ToTopology(new ServiceName("prod", "cache"));
        // </kubernetesclient-models>
        return (pods, deployments, topology);
    }

    public static ResourceKind<Shard> Kind()
    {
        // <kubernetesclient-kind>
        var shards = KubernetesKind.Of(ShardContext.Default.Shard);
        // </kubernetesclient-kind>
        return shards;
    }
}

// <from-kubernetesclient-before>
public sealed class WatchLoop(IKubernetes kubernetes)
{
    private readonly Dictionary<string, V1EndpointSlice> _slices = [];

    public IEnumerable<string> Addresses => _slices.Values.SelectMany(slice => slice.Endpoints).SelectMany(e => e.Addresses).Distinct();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var watch = kubernetes.DiscoveryV1.WatchListNamespacedEndpointSliceAsync(
                    "prod", labelSelector: "kubernetes.io/service-name=cache", cancellationToken: cancellationToken);
                await foreach (var (type, slice) in watch)
                {
                    if (type == WatchEventType.Deleted)
                        _slices.Remove(slice.Metadata.Name);
                    else
                        _slices[slice.Metadata.Name] = slice;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                await Task.Delay(TimeSpan.FromSeconds(5), cancellationToken);
            }
        }
    }
}
// </from-kubernetesclient-before>

// <from-kubernetesclient-after>
public sealed class Members(IKubernetes kubernetes, KubernetesClientConfiguration configuration) : IDisposable
{
    private readonly KubeConnection _kube = kubernetes.ToRxKube(configuration);

    public IObservable<ServiceTopology> Cache => _kube.EndpointSlices("prod", service: "cache").Resume().ToTopology();

    public void Dispose() => _kube.Dispose();
}
// </from-kubernetesclient-after>

// <kubernetesclient-crd>
[KubernetesEntity(Group = "example.com", ApiVersion = "v1", Kind = "Shard", PluralName = "shards")]
public sealed class Shard : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";
    public string Kind { get; set; } = "";
    public V1ObjectMeta Metadata { get; set; } = new();
    public int Replicas { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Shard))]
internal sealed partial class ShardContext : JsonSerializerContext;
// </kubernetesclient-crd>
