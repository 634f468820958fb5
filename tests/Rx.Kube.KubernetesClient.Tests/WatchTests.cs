using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using k8s;
using k8s.Models;

namespace Rx.Kube.KubernetesClient.Tests;

public sealed class WatchTests
{
    [Fact]
    public async Task Pods_are_listed_as_V1Pods()
    {
        var server = new FakeApiServer(new FakeApiServer.Answer(
            """
            {"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"70"},"items":[
              {"metadata":{"name":"cache-0","resourceVersion":"65"},"status":{"phase":"Running","podIP":"10.0.0.1"}},
              {"metadata":{"name":"cache-1","creationTimestamp":"yesterday"}},
              {"metadata":{"name":"cache-2","resourceVersion":"66"},"status":{"phase":"Pending"}}]}
            """));
        using var kubernetes = Client(server);
        using var kube = kubernetes.ToRxKube();

        var list = await kube.Resources(KubernetesKinds.Pods, new() { Namespace = "prod", LabelSelector = "app=cache" })
            .List(ListOptions.MostRecent).ToTask();

        Assert.Equal("70", list.ResourceVersion);
        Assert.Equal([("cache-0", "Running"), ("cache-2", "Pending")], list.Items.Select(p => (p.Metadata.Name, p.Status.Phase)));
        Assert.Equal("cache-1", Assert.Single(list.SkippedItems).Name);
        Assert.Contains("/api/v1/namespaces/prod/pods?labelSelector=app%3Dcache", server.Requests[0].Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slices_are_watched_as_V1EndpointSlices()
    {
        var server = new FakeApiServer(new FakeApiServer.Answer(string.Join(
            '\n',
            Line(
                "ADDED",
                """{"metadata":{"name":"a","resourceVersion":"8"},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"]}]}"""),
            Line("MODIFIED", """{"metadata":{"name":"b","resourceVersion":"9"},"addressType":["no"],"endpoints":[]}"""),
            Line("BOOKMARK", """{"metadata":{"resourceVersion":"12"}}"""),
            Line("DELETED", """{"metadata":{"name":"a","resourceVersion":"13"},"addressType":"IPv4","endpoints":null}"""),
            "")));
        using var kubernetes = Client(server);
        using var kube = kubernetes.ToRxKube();

        var events = await kube.Resources(KubernetesKinds.EndpointSlices).Watch(new WatchOptions("7")).ToList().ToTask();

        Assert.Equal(
            ["Opened", "Added a IPv4 10.0.0.1 @8", "Skipped b @9", "Bookmark @12", "Deleted a IPv4  @13"], events.Select(Text));
        Assert.Contains("/apis/discovery.k8s.io/v1/endpointslices?watch=true", server.Requests[0].Uri, StringComparison.Ordinal);
        Assert.Contains("resourceVersion=7", server.Requests[0].Uri, StringComparison.Ordinal);
    }

    private static Kubernetes Client(FakeApiServer server) =>
        new(new KubernetesClientConfiguration { Host = "https://kube.example" }, server);

    private static string Line(string type, string json) => $$"""{"type":"{{type}}","object":{{json}}}""";

    private static string Text(WatchEvent<V1EndpointSlice> e) => e switch
    {
        WatchEvent<V1EndpointSlice>.Opened => "Opened",
        WatchEvent<V1EndpointSlice>.Added(var slice, var version) => $"Added {Text(slice)} @{version}",
        WatchEvent<V1EndpointSlice>.Deleted(var slice, var version) => $"Deleted {Text(slice)} @{version}",
        WatchEvent<V1EndpointSlice>.Skipped(var skipped, var version) => $"Skipped {skipped.Name} @{version}",
        WatchEvent<V1EndpointSlice>.Bookmark(var version) => $"Bookmark @{version}",
        _ => $"{e}",
    };

    private static string Text(V1EndpointSlice slice) =>
        $"{slice.Metadata.Name} {slice.AddressType} {string.Join(",", slice.Endpoints?.SelectMany(e => e.Addresses) ?? [])}";
}
