using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>Runs a script of requests against the simulator and against a real server. The answers must be equal.</summary>
public sealed class SimulatorDifferentialTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    [DifferentialFact]
    public Task Answers_about_objects_are_equal() => CompareAsync(ObjectSteps.All);

    [DifferentialFact]
    public Task Answers_to_patches_are_equal() => CompareAsync(PatchSteps.All);

    [DifferentialFact]
    public Task Answers_to_lists_are_equal() => CompareAsync(ListSteps.All);

    [DifferentialFact]
    public Task Answers_to_selectors_are_equal() => CompareAsync(SelectorSteps.All);

    [DifferentialFact]
    public Task Answers_to_watches_are_equal() => CompareAsync(WatchSteps.All);

    [DifferentialFact]
    public Task Answers_about_access_and_discovery_are_equal() => CompareAsync(AccessSteps.All);

    private Task CompareAsync(IReadOnlyList<Step> script) => Comparison.RunAsync(server, script);
}
