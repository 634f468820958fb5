using Rx.Kube.ShardedCache.Tests.Support;
using Xunit.Abstractions;

namespace Rx.Kube.ShardedCache.Tests;

/// <summary>The guarantees of docs/scaling.md: processes of the sample under load, with one fault at a time.</summary>
public sealed class ScalingTests(ITestOutputHelper output)
{
    private const string Variable = "RXKUBE_SCALING_SECONDS";

    private static readonly int _seed =
        int.TryParse(Environment.GetEnvironmentVariable("RXKUBE_TEST_SEED"), out var seed) ? seed : Environment.TickCount & 0xffffff;

    [Fact]
    public async Task No_acknowledged_key_and_no_request_is_lost_when_members_are_killed_added_restarted_and_drained()
    {
        using var server = await SimulatorProcess.StartAsync();
        using var cluster = CacheCluster.On(server, _ => server.Url);
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

    [LongFact]
    public async Task Nor_when_one_member_hears_late_of_each_ring_and_two_join_or_leave_at_once()
    {
        using var server = await SimulatorProcess.StartAsync();
        using var proxies = new StallingProxies(server.Url);
        using var cluster = CacheCluster.On(server, proxies.UrlOf);
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

    // For as long as the environment says: random faults, from two to five members.
    private static async Task PlayAsync(Scenario scenario, CacheCluster cluster, Random random)
    {
        var end = DateTime.UtcNow + TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable(Variable)!));
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

    private sealed class LongFactAttribute : FactAttribute
    {
        public LongFactAttribute() => Skip = string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable))
            ? $"Takes 25 s and what {Variable} says: run .ci/nightly."
            : null;
    }
}
