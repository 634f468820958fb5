using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>
/// Runs as <see cref="SimulatorDifferentialTests"/> on a server without the watch cache, where a compaction alone is visible.
/// </summary>
public sealed class CompactedWatchDifferentialTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    [DifferentialFact]
    public async Task Answers_after_a_compaction_are_equal()
    {
        await server.RestartAsync(server.NoSliceCacheFlag);
        await Comparison.RunAsync(server, CompactedSteps.All);
    }
}
