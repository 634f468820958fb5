using Rx.Kube.ShardedCache.Tests.Support;
using Rx.Kube.Simulator;

namespace Rx.Kube.ShardedCache.Tests;

/// <summary>A process whose watch is silent while the others go on.</summary>
public sealed class LateMemberTests
{
    [Fact]
    public async Task A_member_that_does_not_hear_of_a_ring_serves_no_key_that_the_ring_has_moved()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var proxies = new StallingProxies(server.Url);
        using var cluster = CacheCluster.On(server, proxies.UrlOf);
        await cluster.AddAsync("cache-0", "cache-1", "cache-2");
        await cluster.ReplicatedAsync();
        using var client = new CacheClient(() => cluster.Urls);
        var keys = Enumerable.Range(0, 1000).Select(i => $"key-{i}").Where(key => cluster.Ring.ReplicasOf(key).Members[0].Name == "cache-0")
            .ToList();
        await Task.WhenAll(keys.Select(key => client.PutAsync(key, "old")));
        var old = cluster.Members["cache-0"];

        proxies.Stall("cache-0");
        await cluster.AddAsync("cache-3", "cache-4"); // they get their ranges from cache-0, too
        var ring = cluster.Ring;
        var moved = keys.Where(key => !ring.ReplicasOf(key).Members.Contains(new RingMember("cache-0"))).ToList();
        using var others = new CacheClient(() => [cluster.Members["cache-3"].Url]);
        await Task.WhenAll(moved.Select(key => others.PutAsync(key, "new")));
        var late = await Task.WhenAll(moved.Select(key => old.GetAsync($"keys/{key}")));
        var state = await old.StateAsync();
        proxies.Resume("cache-0");
        await cluster.ReplicatedAsync();

        Assert.NotEmpty(moved);
        Assert.All(late, answer => Assert.Equal((503, "This process has no ring, or knows that a newer one exists."), answer));
        Assert.True(state is { IsBehind: true, Members.Length: 3 });
        Assert.All(await Task.WhenAll(moved.Select(key => old.GetAsync($"keys/{key}"))), answer => Assert.Equal((200, "new"), answer));
    }
}
