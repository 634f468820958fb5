// The C# about the simulator in docs/testing.md, compiled and run.
// <testing-simulator>
using Rx.Kube;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

// </testing-simulator>
namespace Rx.Kube.Tests.Docs;

public sealed class SimulatorSampleTests
{
    // <testing-simulator>
    [Fact]
    public async Task The_cache_finds_its_members()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        var slice = Slice.Of("cache-abc", service: "cache", @namespace: "prod").With("cache-0", "10.0.0.1");
        server.Cluster.Apply(slice.Manifest());

        using var kube = KubeConnection.To(server.Url);
        var cache = kube.EndpointSlices("prod", service: "cache").Resume().ToTopology().ShareLatest();
        using var watching = cache.Subscribe(_ => { });
        var first = await cache.FirstSyncedAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(["cache-0"], first.Members);

        var version = server.Cluster.Apply(slice.With("cache-1", "10.0.0.2").Manifest())["metadata"]!["resourceVersion"]!;
        var next = await cache.AtLeastAsync((string)version!);
        Assert.Equal(["cache-0", "cache-1"], next.Members);
    }

    // </testing-simulator>
}
