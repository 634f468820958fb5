using Microsoft.Extensions.DependencyInjection;
using Rx.Kube.ServiceDiscovery.Tests.Support;

namespace Rx.Kube.ServiceDiscovery.Tests.Docs;

/// <summary>The code of docs/service-discovery.md does what the page says.</summary>
public sealed class DiscoverySampleTests
{
    [Fact]
    public async Task A_client_finds_the_pods_and_a_key_its_owner()
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var caller = await Caller.StartAsync(cluster, builder =>
        {
            DiscoverySamples.Aspire(builder);
            DiscoverySamples.Discover(builder);
            DiscoverySamples.Route(builder);
        });
        using var catalog = caller.Services.GetRequiredService<IHttpClientFactory>().CreateClient("catalog");
        HashSet<string> pods = [];
        for (var i = 0; i < 3; i++)
        {
            pods.Add((await catalog.GetStringAsync(new Uri("/", UriKind.Relative))).Split(' ')[0]);
        }

        Assert.Equal(3, pods.Count);
        Assert.True(caller.Topology.CurrentRing.Required.Ring.TryGetOwner(KeyHash.Of("user-42"), out var owner));
        Assert.Equal(owner.Name, await caller.AskAsync("/users/user-42"));
    }
}
