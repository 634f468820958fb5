using Rx.Kube.RealServer.Tests.Server;
using Rx.Kube.ShardedCache.Tests.Support;
using Xunit.Abstractions;

namespace Rx.Kube.RealServer.Tests.Samples;

/// <summary>Three processes of samples/ShardedCache, whose slice is written through the API: one is killed, and one is added.</summary>
public sealed class ShardedCacheTests(RealApiServer server, ITestOutputHelper output) : IClassFixture<RealApiServer>
{
    [RealServerFact]
    public async Task No_acknowledged_key_is_lost_when_a_member_is_killed_and_one_is_added()
    {
        var verb = "create";
        using var cluster = new CacheCluster(
            _ => [$"--Kube:Connection:Kubeconfig={server.Kubeconfig(server.Tokens.Reader)}"], server.Namespace, async manifest =>
            {
                (await server.KubectlAsync($"{verb} --validate=false -f -", manifest)).OutputOrThrow();
                verb = "replace";
            });
        using var load = new Load(cluster, TestSeed.Value);
        var scenario = new Scenario(cluster, load, output);

        await scenario.StartAsync("cache-0", "cache-1", "cache-2");
        await scenario.KillAsync("cache-1");
        await scenario.AddQuietlyAsync("cache-3");
        await load.StopAsync();

        output.WriteLine($"seed {TestSeed.Value}: {load.Summary}, 0 lost");
    }
}
