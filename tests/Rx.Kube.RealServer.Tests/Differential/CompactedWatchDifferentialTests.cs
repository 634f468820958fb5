using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>As <see cref="SimulatorDifferentialTests"/>, on a server without the watch cache: only there a compaction alone is seen.</summary>
public sealed class CompactedWatchDifferentialTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    [DifferentialFact]
    public async Task CompactedWatches()
    {
        await server.RestartAsync(server.NoSliceCacheFlag);
        await Comparison.RunAsync(server, CompactedSteps.All);
    }
}
