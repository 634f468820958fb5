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

using var demo = server is null ? null : Observable.Interval(TimeSpan.FromMilliseconds(200)).Take(3).Subscribe(i =>
    server.Cluster.Apply(
        $$$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"cache-{{{i}}}","namespace":"default"},"spec":{"nodeName":"n{{{i % 2}}}"}}
        """));
await kube.Resources(KubernetesKinds.Pods, new() { Namespace = kube.Namespace })
    .Resume()                                              // list, watch, resume and relist
    .ToStore(byNode)                                       // immutable snapshots, with an index
    .WhereSynced()
    .Select(pods => string.Join("; ", pods.By(byNode).OrderBy(node => node.Key)
        .Select(node => $"{node.Key}: {string.Join(", ", node.Select(pod => pod.Metadata.Name).Order())}")))
    .DistinctUntilChanged()
    .Catch((KubeException refused) => Observable.Return(refused.Message))  // retrying does not help
    .TakeUntil(line => server is not null && line.Contains("cache-2"))     // the demo has an end
    .ForEachAsync(line => Console.WriteLine(line));
