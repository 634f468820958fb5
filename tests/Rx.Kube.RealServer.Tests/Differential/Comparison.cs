using Rx.Kube.RealServer.Tests.Server;
using Rx.Kube.Simulator;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>Runs a script against a real server and a new simulator. A failure lists every field that differs.</summary>
internal static class Comparison
{
    internal static async Task RunAsync(RealApiServer server, IReadOnlyList<Step> script)
    {
        // Each script has its own namespace, because the tests of a class share the server.
        var ns = TestSeed.Name("diff");
        using var realClient = TrustingHttpClient.Create(server.Url, server.CaFile, token: null);
        await using var simulator = await ApiServerSimulator.StartAsync(new()
        {
            Tokens = SimulatedUser.TestTokens,
            BookmarkInterval = TimeSpan.FromHours(1),
        });
        using var simulatorClient = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var answers = await Task.WhenAll(
            RunAsync(new(realClient, server.Url, server.CompactAsync), ns, script),
            RunAsync(new(simulatorClient, simulator.Url, Compact), ns, script));

        var differences = Differences(script, answers[0], answers[1]).ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} differences\n{string.Join('\n', differences)}");

        Task Compact()
        {
            simulator.Cluster.Compact();
            return Task.CompletedTask;
        }
    }

    private static async Task<IReadOnlyList<Answer>> RunAsync(ComparedServer target, string ns, IReadOnlyList<Step> script)
    {
        using var runner = new ScriptRunner(target, ns);
        return await runner.RunAsync(script);
    }

    private static IEnumerable<string> Differences(IReadOnlyList<Step> script, IReadOnlyList<Answer> real, IReadOnlyList<Answer> simulated)
    {
        var (left, right) = (new AnswerNormalizer(real), new AnswerNormalizer(simulated));
        return script.SelectMany((step, i) => JsonDifference.Between(left.Normalize(step, real[i]), right.Normalize(step, simulated[i]))
            .Select(difference => $"step {i} {step}\n    {difference}"));
    }
}
