using System.Net;
using System.Text;
using Microsoft.Reactive.Testing;
using Rx.Kube.Cli.Demo;

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
}
