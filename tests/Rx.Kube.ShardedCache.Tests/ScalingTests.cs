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
        using var cluster = ClusterOf(server);
        using var load = new Load(cluster, _seed);
        var scenario = new Scenario(cluster, load, output);

        await scenario.StartAsync("cache-0", "cache-1", "cache-2");
        await scenario.KillAsync("cache-1");
        await scenario.AddAsync("cache-3");
        await scenario.RestartAsync("cache-0");
        await scenario.DrainAsync("cache-2");
        await scenario.AddQuietlyAsync("cache-2");
        await PlayAsync(scenario, cluster);
        await load.StopAsync();

        output.WriteLine($"seed {_seed}: {load.Summary}, 0 lost");
    }

    // For as long as the environment says: random faults, from two to five members.
    private static async Task PlayAsync(Scenario scenario, CacheCluster cluster)
    {
        var random = new Random(_seed);
        var end = DateTime.UtcNow + _long;
        for (var next = 4; DateTime.UtcNow < end;)
        {
            var names = cluster.Members.Keys.Order(StringComparer.Ordinal).ToArray();
            var name = names[random.Next(names.Length)];
            await (random.Next(4) switch
            {
                0 when names.Length > 2 => scenario.KillAsync(name),
                1 when names.Length > 2 => scenario.DrainAsync(name),
                2 => scenario.RestartAsync(name),
                _ when names.Length < 5 => scenario.AddAsync($"cache-{next++}"),
                _ => scenario.KillAsync(name),
            });
        }
    }

    private static CacheCluster ClusterOf(ApiServerSimulator server) => new(
        [$"--Kube:Connection:Server={server.Url}", "--Kube:Connection:Namespace=default"], "default",
        manifest => Task.FromResult(server.Cluster.Apply(manifest)));
}
