using Rx.Kube.Ecosystem.Tests.Support;
using Rx.Kube.Hosting.Tests.Support;

namespace Rx.Kube.Ecosystem.Tests;

/// <summary>Which pod answers a request without a key: the same in every way to reach a Service.</summary>
public sealed class TurnTests
{
    public static TheoryData<string, string, string?, string?, string> Places => new()
    {
        { "zones", "a a b", null, "a", "cache-0 cache-1" },
        { "zones", "a a b", null, "b", "cache-2" },
        { "zones", "a a b", null, "c", "cache-0 cache-1 cache-2" }, // no hint for this zone
        { "zones", "a - b", null, "a", "cache-0 cache-1 cache-2" }, // an endpoint without a hint
        { "zones", "a a b", null, null, "cache-0 cache-1 cache-2" },
        { "nodes", "n0 n1 n1", "n1", null, "cache-1 cache-2" },
        { "nodes", "n0 n1 n1", "n1", "a", "cache-1 cache-2" }, // a node is nearer than a zone
        { "nodes", "n0 n1 n1", "n2", "a", "cache-0" }, // no hint for this node: the zone counts
    };

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Every_way_uses_the_endpoints_with_hints_for_the_node_and_the_zone_of_this_pod(
        string kind, string hints, string? node, string? zone, string expected)
    {
        await using var cluster = await PodCluster.StartAsync(3);
        cluster.Publish((i, endpoint) =>
        {
            var hint = hints.Split(' ')[i];
            return hint == "-" ? endpoint
                : kind == "zones" ? endpoint with { ForZones = [hint] }
                : endpoint with { ForNodes = [hint], ForZones = [i == 0 ? "a" : "b"] };
        });
        await using var process = await OneProcess.StartAsync(
            cluster, hasServiceDefaults: false, ("Kube:Pod:Node", node), ("Kube:Pod:Zone", zone));

        var near = expected.Split(' ');
        Assert.Equal(near, process.Topology.Current.Required.For(node, zone).Select(endpoint => endpoint.Member));
        foreach (var way in OneProcess.Ways)
        {
            await process.TallyAsync(way, 12); // gRPC connects with the first calls
            Assert.Equal((way, string.Join(", ", near.Select(name => $"{name} {12 / near.Length}"))),
                (way, string.Join(", ", await process.TallyAsync(way, 12))));
        }

        // Hints that are gone are followed.
        cluster.Publish((_, endpoint) => endpoint);
        foreach (var way in OneProcess.Ways)
        {
            await Eventually.TrueAsync(async () => (await process.TallyAsync(way, 12)).Length == 3, $"{way}: no hints");
        }
    }

    [Theory]
    [InlineData(OneProcess.Routed, false)]
    [InlineData(OneProcess.Routed, true)]
    [InlineData(OneProcess.Discovered, false)]
    [InlineData(OneProcess.Discovered, true)]
    [InlineData(OneProcess.Called, false)]
    [InlineData(OneProcess.Called, true)]
    [InlineData(OneProcess.Proxied, false)]
    [InlineData(OneProcess.Proxied, true)]
    public async Task The_share_of_a_dead_pod_that_its_slice_lists_is_spread_evenly_over_the_others(string way, bool hasServiceDefaults)
    {
        await using var cluster = await PodCluster.StartAsync(5);
        await using var process = await OneProcess.StartAsync(cluster, hasServiceDefaults);
        await process.TallyAsync(way, 20);

        await cluster.Pods[1].KillAsync();
        await SettleAsync();
        Assert.Equal(["cache-0 15", "cache-2 15", "cache-3 15", "cache-4 15"], await process.TallyAsync(way, 60));

        await cluster.Pods[2].KillAsync();
        await SettleAsync();
        Assert.Equal(["cache-0 20", "cache-3 20", "cache-4 20"], await process.TallyAsync(way, 60));

        // A request on a connection that breaks is lost without a retry, once.
        async Task SettleAsync()
        {
            for (var i = 0; i < 20; i++)
            {
                await Record.ExceptionAsync(() => process.AskAsync(way));
            }
        }
    }
}
