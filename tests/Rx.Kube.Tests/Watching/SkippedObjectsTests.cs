using System.Reactive.Subjects;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Watching;

/// <summary>Objects that cannot be decoded, and what a snapshot says about them.</summary>
public class SkippedObjectsTests
{
    [Fact]
    public void Snapshots_have_the_skipped_objects_in_order_until_they_are_repaired_or_deleted()
    {
        var snapshots = Fold(
            Listed("1", Slice("a")), Skipped("2", "c"), Skipped("3", "b"), Skipped("4", "c"), Added("5", Slice("c")),
            Listed("6", Slice("a")));

        Assert.Equal(["", "c", "b c", "b c", "b", ""], snapshots.Select(s => string.Join(' ', s.Skipped.Select(o => o.Name))));
        Assert.Equal(["", "c", "b", "", "", ""], snapshots.Select(s => string.Join(' ', s.NewlySkipped.Select(o => o.Name))));
    }

    [Fact]
    public void A_list_reports_the_objects_that_it_skips_anew_and_those_with_another_reason()
    {
        static WatchEvent<EndpointSlice> List(params (string Name, string Reason)[] skipped) =>
            new WatchEvent<EndpointSlice>.Listed([], "9")
            {
                SkippedItems = [.. skipped.Select(s => new SkippedObject("prod", s.Name, "9", s.Reason))],
            };

        var snapshots = Fold(new ServiceName("prod", "cache"), List(("a", "x"), ("b", "x")), List(("a", "x"), ("b", "y"), ("c", "x")));

        Assert.Equal(["a b", "b c"], snapshots.Select(s => string.Join(' ', s.NewlySkipped.Select(o => o.Name))));
    }

    [Fact]
    public void An_event_that_cannot_be_decoded_costs_nearly_the_same_however_many_objects_are_skipped()
    {
        var (few, many) = (CostOfAnEvent(500), CostOfAnEvent(20_000));

        // A copy of all of them would cost 40 times as much.
        Assert.InRange(many / (double)few, 0.2, 3);

        static long CostOfAnEvent(int skipped)
        {
            using var source = new Subject<WatchEvent<EndpointSlice>>();
            using var subscription = source.ToTopology().Subscribe();
            source.OnNext(Listed("1", Slice("a")));
            for (var i = 0; i < skipped; i++)
            {
                source.OnNext(Skipped("2", $"s{i:00000}"));
            }

            var events = Enumerable.Range(0, 100).Select(i => Skipped("3", $"s{i:00000}")).ToList();
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var next in events)
            {
                source.OnNext(next);
            }

            return (GC.GetAllocatedBytesForCurrentThread() - before) / events.Count;
        }
    }
}
