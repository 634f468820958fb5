// Pods by node, with KubernetesClient's own client and models: what its watch loop leaves to the application is done by Rx.Kube.
using System.Reactive.Linq;
using k8s;
using k8s.Models;
using Rx.Kube;
using Rx.Kube.Simulator;

await using var server = args.Contains("--demo") ? await ApiServerSimulator.StartAsync() : null;
var configuration = server is null
    ? KubernetesClientConfiguration.BuildDefaultConfig()
    : new KubernetesClientConfiguration { Host = server.Url.AbsoluteUri, Namespace = "default" };
using var client = new Kubernetes(configuration);
using var kube = client.ToRxKube(configuration);           // its HttpClient, credentials and handlers
var byNode = StoreIndex.By<V1Pod, string>(pod => pod.Spec?.NodeName ?? "(none)");

using var printing = kube.Resources(KubernetesKinds.Pods, new() { Namespace = kube.Namespace })
    .Resume()                                              // list, watch, resume and relist
    .ToStore(byNode)                                       // immutable snapshots, with an index
    .WhereSynced()
    .Select(pods => string.Join("; ", pods.By(byNode).OrderBy(node => node.Key)
        .Select(node => $"{node.Key}: {string.Join(", ", node.Select(pod => pod.Metadata.Name).Order())}")))
    .DistinctUntilChanged()
    .Subscribe(line => Console.WriteLine(line), error => Console.Error.WriteLine(error.Message));
if (server is null)
{
    await Task.Delay(Timeout.Infinite);
}
else
{
    for (var i = 0; i < 3; i++)
    {
        server.Cluster.Apply(
            $$$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"cache-{{{i}}}","namespace":"default"},"spec":{"nodeName":"n{{{i % 2}}}"}}
            """);
        await Task.Delay(200);
    }
}
