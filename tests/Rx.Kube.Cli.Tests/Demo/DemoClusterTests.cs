using System.Net;
using System.Text;
using Microsoft.Reactive.Testing;
using Rx.Kube.Cli.Demo;
using Rx.Kube.Simulator;

namespace Rx.Kube.Cli.Tests.Demo;

public sealed class DemoClusterTests
{
    [Fact]
    public async Task The_server_of_the_demo_refuses_requests_without_its_token()
    {
        await using var demo = await DemoCluster.StartAsync(new("default", "cache"), 1, new TestScheduler());
        using var stranger = new HttpClient { BaseAddress = demo.Connection.Server };
        const string Slices = "apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
        using var body = new StringContent("""{"metadata":{"name":"a"}}""", Encoding.UTF8, "application/json");

        using var read = await stranger.GetAsync(new Uri(Slices, UriKind.Relative));
        using var written = await stranger.PostAsync(new Uri(Slices, UriKind.Relative), body);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (read.StatusCode, written.StatusCode));
    }

    [Fact]
    public async Task Pods_keep_in_step_with_the_slice_through_the_whole_scenario()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        var service = new ServiceName("demo", "cache");
        var state = new DemoState(server.Cluster, service);
        var phases = new HashSet<(bool, bool)>();
        foreach (var step in new DemoScenario(1).Steps().Take(500))
        {
            state.Next(step.Pods);
            var pods = server.Cluster.List("pods", "demo");
            var slice = Assert.Single(server.Cluster.List("endpointslices", "demo"));
            Assert.Equal(
                pods.Select(p => $"{p["metadata"]!["uid"]} {p["status"]!["podIP"]} {p["spec"]!["nodeName"]}").Order(),
                slice["endpoints"]!.AsArray().Select(e => $"{e!["targetRef"]!["uid"]} {e["addresses"]![0]} {e["nodeName"]}").Order());
            Assert.All(pods, pod =>
            {
                var endpoint = slice["endpoints"]!.AsArray().Single(e => (string?)e!["hostname"] == (string?)pod["metadata"]!["name"])!;
                var isLeaving = pod["metadata"]!["deletionTimestamp"] is not null;
                var isReady = (string?)pod["status"]!["conditions"]![1]!["status"] == "True";
                Assert.Equal(isLeaving, (bool)endpoint["conditions"]!["terminating"]!);
                Assert.Equal(isReady, (bool)endpoint["conditions"]!["serving"]!);
                phases.Add((isLeaving, isReady));
            });
        }

        Assert.Equal(4, phases.Count);
        Assert.Equal(DemoScenario.Nodes, server.Cluster.List("nodes").Count);
    }
}
