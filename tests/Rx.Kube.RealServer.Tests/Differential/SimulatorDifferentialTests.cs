using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>One script of requests, run against the simulator and against a real server: the answers must be equal.</summary>
public sealed class SimulatorDifferentialTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    [DifferentialFact]
    public Task Objects() => CompareAsync(ObjectSteps.All);

    [DifferentialFact]
    public Task Patches() => CompareAsync(PatchSteps.All);

    [DifferentialFact]
    public Task Lists() => CompareAsync(ListSteps.All);

    [DifferentialFact]
    public Task Selectors() => CompareAsync(SelectorSteps.All);

    [DifferentialFact]
    public Task Watches() => CompareAsync(WatchSteps.All);

    [DifferentialFact]
    public Task AccessAndDiscovery() => CompareAsync(AccessSteps.All);

    private Task CompareAsync(IReadOnlyList<Step> script) => Comparison.RunAsync(server, script);
}
