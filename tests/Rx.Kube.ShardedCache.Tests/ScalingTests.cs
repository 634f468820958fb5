using System.Collections.Concurrent;
using Rx.Kube.ShardedCache.Tests.Support;
using Rx.Kube.Simulator;
using Xunit.Abstractions;

namespace Rx.Kube.ShardedCache.Tests;

/// <summary>The guarantees of docs/scaling.md: processes of the sample under load, with one fault at a time.</summary>
public sealed class ScalingTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _long =
        TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("RXKUBE_SCALING_SECONDS") ?? "0"));

    private static readonly int _seed =
        int.TryParse(Environment.GetEnvironmentVariable("RXKUBE_TEST_SEED"), out var seed) ? seed : Environment.TickCount & 0xffffff;

    [Fact]
    public async Task No_acknowledged_key_and_no_request_is_lost_when_members_are_killed_added_restarted_and_drained()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var cluster = ClusterOf(server, _ => server.Url);
        using var load = new Load(cluster, _seed);
        var scenario = new Scenario(cluster, load, output);

        await scenario.StartAsync("cache-0", "cache-1", "cache-2");
        await scenario.KillAsync("cache-1");
        await scenario.AddAsync("cache-3");
        await scenario.RestartAsync("cache-0");
        await scenario.DrainAsync("cache-2");
        await scenario.AddQuietlyAsync("cache-2");
        await load.StopAsync();

        output.WriteLine($"seed {_seed}: {load.Summary}, 0 lost");
    }

    [Fact]
    public async Task Nor_when_one_member_hears_late_of_each_ring_and_two_join_or_leave_at_once()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var proxies = new Proxies(server.Url);
        using var cluster = ClusterOf(server, proxies.UrlOf);
        using var load = new Load(cluster, _seed);
        var random = new Random(_seed);
        var scenario = new Scenario(cluster, load, output, () => proxies.StallAsync(Any(cluster, random), TimeSpan.FromSeconds(1.5)));

        await scenario.StartAsync("cache-0", "cache-1", "cache-2");
        await scenario.AddAsync("cache-3", "cache-4");
        await scenario.DrainAsync("cache-0", "cache-1");
        await scenario.KillAsync("cache-3");
        await PlayAsync(scenario, cluster, random);
        await load.StopAsync();

        output.WriteLine($"seed {_seed}: {load.Summary}, 0 lost");
    }

    [Fact]
    public async Task A_member_that_does_not_hear_of_a_ring_serves_no_key_that_the_ring_has_moved()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var proxies = new Proxies(server.Url);
        using var cluster = ClusterOf(server, proxies.UrlOf);
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

    // For as long as the environment says: random faults, from two to five members.
    private static async Task PlayAsync(Scenario scenario, CacheCluster cluster, Random random)
    {
        var end = DateTime.UtcNow + _long;
        for (var next = 5; DateTime.UtcNow < end;)
        {
            var (count, name) = (cluster.Members.Count, Any(cluster, random));
            await (random.Next(5) switch
            {
                0 when count > 2 => scenario.KillAsync(name),
                1 when count > 2 => scenario.DrainAsync(name),
                2 when count > 3 => scenario.DrainAsync([.. cluster.Members.Keys.Order(StringComparer.Ordinal).Take(2)]),
                3 => scenario.RestartAsync(name),
                _ when count < 4 => scenario.AddAsync($"cache-{next++}", $"cache-{next++}"),
                _ when count < 5 => scenario.AddAsync($"cache-{next++}"),
                _ => scenario.KillAsync(name),
            });
        }
    }

    private static string Any(CacheCluster cluster, Random random) =>
        cluster.Members.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(cluster.Members.Count));

    private static CacheCluster ClusterOf(ApiServerSimulator server, Func<string, Uri> urlOf) => new(
        name => [$"--Kube:Connection:Server={urlOf(name)}", "--Kube:Connection:Namespace=default"], "default",
        manifest => Task.FromResult(server.Cluster.Apply(manifest)));

    /// <summary>One proxy for each member.</summary>
    private sealed class Proxies(Uri server) : IDisposable
    {
        private readonly ConcurrentDictionary<string, StallingProxy> _all = new();

        public Uri UrlOf(string member) => _all.GetOrAdd(member, _ => new(server)).Url;

        public void Stall(string member) => _all[member].Stall();

        public void Resume(string member) => _all[member].Resume();

        public async Task StallAsync(string member, TimeSpan time)
        {
            Stall(member);
            await Task.Delay(time);
            Resume(member);
        }

        public void Dispose()
        {
            foreach (var proxy in _all.Values)
            {
                proxy.Dispose();
            }
        }
    }
}
