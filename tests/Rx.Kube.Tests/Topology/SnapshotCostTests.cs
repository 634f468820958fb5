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

    [Fact]
    public void The_table_of_addresses_grows_once_for_a_list()
    {
        const int Slices = 300, PerSlice = 100;
        var slices = Enumerable.Range(0, Slices).Select(s =>
            Slice($"s{s}", [.. Enumerable.Range(0, PerSlice).Select(e => Pod($"p{s}-{e}", $"10.{s / 250}.{s % 250}.{e}"))])).ToArray();
        long CostOf(WatchEvent<EndpointSlice> list)
        {
            var fold = new ServiceFold<EndpointSlice>(ClaimKinds.EndpointSlices, null);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(Slices * PerSlice, fold.Apply(list)!.Endpoints.Count);
            return (GC.GetAllocatedBytesForCurrentThread() - before) / (Slices * PerSlice);
        }

        var list = Listed("1", slices);
        CostOf(list);
        Assert.InRange(CostOf(list), 50, 135); // with a table that grows by half each time, 155

        // What a list without changes has announced is not there for the next event.
        var fold = new ServiceFold<EndpointSlice>(ClaimKinds.EndpointSlices, null);
        for (var i = 0; i < 20; i++)
        {
            fold.Apply(list);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var more = Slice("more", [.. Enumerable.Range(0, 8000).Select(e => Pod($"m-{e}", $"10.9.{e / 250}.{e % 250}"))]);
        Assert.Equal((Slices * PerSlice) + 8000, fold.Apply(Modified("2", more))!.Endpoints.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 8_000_000);
    }
}
