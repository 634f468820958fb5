using Rx.Kube.Models;
using Rx.Kube.Tests.Docs;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>What snapshots keep in memory.</summary>
[Collection(ProcessWide.Collection)]
public class SnapshotCostTests
{
    [Fact]
    public void Ten_thousand_old_snapshots_cost_only_their_differences()
    {
        const int Slices = 10, PerSlice = 100, Snapshots = 10_000;
        var slices = Enumerable.Range(0, Slices).Select(s =>
            Slice($"s{s}", [.. Enumerable.Range(0, PerSlice).Select(e => Pod($"p{s}-{e}", $"10.0.{s}.{e}"))])).ToArray();
        var fold = new ServiceFold<EndpointSlice>(ClaimKinds.EndpointSlices, null);
        var snapshots = new ServiceTopology[Snapshots + 1];
        snapshots[0] = fold.Apply(Listed("0", slices))!;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 1; i <= Snapshots; i++)
        {
            // One endpoint flips its readiness.
            ref var slice = ref slices[i % Slices];
            var at = i * 7 / Slices % PerSlice;
            var endpoint = slice.Endpoints[at];
            slice = slice with { Endpoints = slice.Endpoints.SetItem(at, endpoint with { Ready = endpoint.Ready == false }) };
            snapshots[i] = fold.Apply(Modified("1", slice))!;
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Snapshots;
        Assert.InRange(each, 200, 2_500);
        Assert.All(snapshots.Zip(snapshots.Skip(1)), s => Assert.Single(s.Second.DiffFrom(s.First).Updated));
        Assert.Equal(Slices * PerSlice, snapshots[0].Ready.Count);
    }
}
