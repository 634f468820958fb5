using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;
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

    [Theory]
    [InlineData("$.endpoints: expected an array, found a number (byte 112)", "$.endpoints: expected an array, found a number (byte 113)")]
    [InlineData(
        "The JSON value could not be converted. Path: $.spec | LineNumber: 0 | BytePositionInLine: 59.",
        "The JSON value could not be converted. Path: $.spec | LineNumber: 0 | BytePositionInLine: 60.")]
    public void The_same_fault_at_another_place_is_no_news_and_no_change(string reason, string moved)
    {
        static WatchEvent<EndpointSlice> At(string version, string reason) =>
            new WatchEvent<EndpointSlice>.Skipped(new SkippedObject("prod", "c", version, reason), version);

        var snapshots = Fold(Listed("1", Slice("a")), At("999", reason), At("1000", moved), At("1001", "another"));

        Assert.Equal([0, 1, 0, 1], snapshots.Select(s => s.NewlySkipped.Length));
        Assert.Equal(snapshots[1], snapshots[2]);
        Assert.NotEqual(snapshots[2], snapshots[3]);
        Assert.Equal(moved, Assert.Single(snapshots[2].Skipped).Reason);
    }

    [Fact]
    public void A_snapshot_that_a_timer_makes_has_no_news()
    {
        var clock = new VirtualClock();
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        var seen = new List<int>();
        using var subscription = source.ToTopology().HoldDepartures(TimeSpan.FromSeconds(5), clock)
            .Subscribe(t => seen.Add(t.NewlySkipped.Length));
        source.OnNext(Listed("1", Slice("a", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2"))));
        source.OnNext(new WatchEvent<EndpointSlice>.Modified(Slice("a", Pod("cache-0", "10.0.0.1")), "2"));
        source.OnNext(Skipped("3", "c"));
        clock.AdvanceTo(TimeSpan.FromSeconds(10));

        Assert.Equal([0, 0, 1, 0], seen);
    }

    [Fact]
    public void Comparing_equal_snapshots_costs_nearly_the_same_however_many_objects_are_skipped()
    {
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        ServiceTopology? last = null;
        using var subscription = source.ToTopology().Subscribe(t => last = t);
        source.OnNext(Listed("1", Slice("a")));
        for (var i = 0; i < 20_000; i++)
        {
            source.OnNext(Skipped("2", $"s{i:00000}"));
        }

        var before = last!;
        source.OnNext(Skipped("3", "s00000"));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 10_000; i++)
        {
            Assert.True(before.Equals(last));
        }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5)); // a walk takes 10,000 times a millisecond
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
