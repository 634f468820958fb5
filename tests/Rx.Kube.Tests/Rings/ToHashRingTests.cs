using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Tests.Operators;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Rings;

/// <summary>Which snapshots give which ring. <see cref="RingBugTests"/> tests that nothing moves needlessly.</summary>
public sealed class ToHashRingTests
{
    [Fact]
    public void After_every_history_the_ring_is_the_ring_of_the_last_snapshot_and_each_differs_from_the_one_before()
    {
        var options = new HashRingOptions { Weight = e => e.Hostname is null ? 1 : 3, Layout = RingLayout.Native(4) };
        HistoryInTime.ForEvery(history =>
        {
            var rings = history.Snapshots.ToObservable().ToHashRing(options).ToList().Wait();
            var synced = history.Snapshots.Where(t => t.Freshness.IsSynced).ToList();
            Assert.Equal(synced.Count > 0, rings.Count > 0);
            Assert.All(rings.Zip(rings.Skip(1)), pair => Assert.NotEqual(pair.First.Fingerprint, pair.Second.Fingerprint));
            if (synced.Count > 0)
            {
                var fresh = Ring(options, synced[^1]);
                Assert.Equal(
                    (RingText.Of(fresh), fresh.Fingerprint, fresh.Traits.HasZones),
                    (RingText.Of(rings[^1]), rings[^1].Fingerprint, rings[^1].Traits.HasZones));
                Assert.Empty(rings[^1].DiffFrom(fresh, replicationFactor: 3).Changes);
            }
        });
    }

    [Fact]
    public void The_owner_of_a_key_is_a_member_with_its_name_weight_and_zone()
    {
        var ring = Ring(new() { Weight = _ => 2 }, "a(zone x) b(zone y)");
        Assert.True(ring.TryGetOwner("user-1", out var owner));
        Assert.Contains((owner.Name, owner.Weight, owner.Zone), new (string, int, string?)[] { ("a", 2, "x"), ("b", 2, "y") });
        Assert.Equal(owner.Name, $"{owner}");
    }

    [Fact]
    public void A_ring_with_another_weight_of_a_member_can_be_tried()
    {
        var ring = Ring(new(), "a b c");
        var heavier = ring.With("a", weight: 3);
        Assert.All(heavier.DiffFrom(ring).Moves, move => Assert.Equal("a", move.To!.Name));
    }

    [Fact]
    public void A_member_is_in_the_zone_of_its_first_endpoint_that_has_one()
    {
        var four = Slice("a", Pod("p", "10.0.0.9"), Pod("p", "10.0.0.2") with { Zone = "x" }, Pod("p", "10.0.0.3") with { Zone = "y" },
            Pod("q", "10.0.0.4"));
        var six = Slice("b", Pod("q", "fd00::1") with { Zone = "z" }) with { AddressType = "IPv6" };
        foreach (var slices in new[] { new[] { four, six }, [six, four] })
        {
            Assert.Equal("p(zone x) q(zone z)", RingText.Of(Ring(new(), Last(Listed("1", slices)))));
        }
    }

    [Fact]
    public void A_member_has_the_weight_of_its_first_endpoint()
    {
        var slice = Slice("a", Pod("p", "10.0.0.2"), Pod("p", "10.0.0.1"));
        var options = new HashRingOptions { Weight = e => e.Address[^1] - '0' };
        Assert.Equal("p", RingText.Of(Ring(options, Last(Listed("1", slice)))));
        Assert.Equal("p(weight 2)", RingText.Of(Ring(options, Last(Listed("1", slice with { Endpoints = slice.Endpoints.RemoveAt(1) })))));
    }

    [Fact]
    public void Zones_come_and_go_with_the_endpoints_that_have_one()
    {
        string[] snapshots = ["a b", "a(zone x) b", "a(zone x) b(zone x)", "a(zone x) b(zone y)", "b(zone y)", "b", "a b"];
        var rings = Rings(new(), snapshots);
        Assert.Equal(snapshots, rings.Select(RingText.Of));
        Assert.Equal([false, true, true, true, true, false, false], rings.Select(ring => ring.Traits.HasZones));
        Assert.Equal([0, 0, 1, 0], rings.Take(4).Select(ring => new ReplicatedRing<RingMember>(ring, 2).ReplicasOf("key").ZoneShortfall));
    }

    [Fact]
    public void Without_spreading_there_are_no_zones_and_another_zone_does_not_change_the_ring()
    {
        var rings = Rings(new() { SpreadOverZones = false }, "a(zone x) b(zone y)", "a(zone y) b(zone y)");
        Assert.Equal("a b", RingText.Of(Assert.Single(rings)));
        Assert.Equal(Ring(new(), "a b").Fingerprint, rings[0].Fingerprint);
    }

    [Fact]
    public void A_mirror_that_knows_no_pods_moves_no_key_whatever_the_readiness_of_the_pod()
    {
        var own = Slice("x", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2"));
        var mirror = Slice("a", new Endpoint { Addresses = ["10.0.0.1"] }, new Endpoint { Addresses = ["10.0.0.2"] });
        var flap = own with { Endpoints = own.Endpoints.SetItem(1, own.Endpoints[1] with { Ready = false, Serving = false }) };
        var leaving = own with { Endpoints = own.Endpoints.SetItem(1, own.Endpoints[1] with { Ready = false, Terminating = true }) };
        var rings = Fold(Listed("1", own), Added("2", mirror), Modified("3", flap), Modified("4", leaving), Deleted("5", mirror),
            Listed("6", mirror, own)).ToObservable().ToHashRing().ToList().Wait();
        Assert.Equal("cache-0 cache-1", RingText.Of(Assert.Single(rings)));
    }

    [Fact]
    public void The_layout_is_the_one_asked_for()
    {
        Assert.Equal(2 * 7, Ring(new() { Layout = RingLayout.Native(7) }, "a b").TokenCount);
        Assert.Equal(HashRing.Create(["a", "b"]).Fingerprint, Ring(new(), "a b").Fingerprint);
        Assert.Throws<ArgumentNullException>(() => new HashRingOptions { Layout = null! });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    public void A_weight_out_of_range_is_an_error_that_names_the_member_and_the_range(int weight)
    {
        var error = Assert.Throws<ArgumentException>(() => Rings(new() { Weight = e => e.Member == "b" ? weight : 1000 }, "a", "a b"));
        Assert.Equal($"The weight of b is {weight}. To fix: HashRingOptions.Weight must return 1 to 1000.", error.Message);
    }

    [Fact]
    public void More_tokens_than_a_ring_can_have_are_an_error() =>
        Assert.Throws<ArgumentException>(() => Rings(new() { Layout = RingLayout.Native(65_536), Weight = _ => 1000 }, "a b"));

    [Fact]
    public void Snapshots_of_two_Services_are_an_error()
    {
        var other = Last(Listed("1", Slice("b", Pod("x", "10.0.0.9")) with { Metadata = Meta("b", "queue") }));
        Assert.Throws<ArgumentException>(() => new[] { TopologyText.Snapshot("a"), other }.ToObservable().ToHashRing().Wait());
    }

    [Fact]
    public void A_snapshot_from_which_the_server_left_endpoints_out_gives_no_ring()
    {
        var whole = new LegacyEndpoints
        {
            Metadata = Meta("cache", "none"),
            Subsets = [new() { Addresses = [new("10.0.0.1", TargetRef: new("Pod", "prod", "p", "u"))], Ports = [Http] }],
        };
        WatchEvent<LegacyEndpoints>[] events =
        [
            new WatchEvent<LegacyEndpoints>.Listed([whole with { IsTruncated = true }], "1"),
            new WatchEvent<LegacyEndpoints>.Modified(whole, "2"),
            new WatchEvent<LegacyEndpoints>.Modified(whole with { IsTruncated = true, Subsets = [] }, "3"),
        ];
        Assert.Equal("2", Assert.Single(events.ToObservable().ToTopology().ToRingView().ToEnumerable()).Version);
    }

    [Fact]
    public void The_weight_is_asked_about_a_member_when_it_is_new_or_an_endpoint_of_it_has_changed()
    {
        var asked = new List<string>();
        Rings(new() { Weight = e => { asked.Add(e.Member); return 1; } }, "a b", "a b", "stale a b", "a(not ready) b", "a(not ready) b c",
            "b c");
        Assert.Equal(["a", "b", "a", "c"], asked);
    }

    [Fact]
    public void An_impure_weight_gives_no_broken_rings()
    {
        var answers = new Random(1);
        var snapshots = Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? "a b c" : "a(not ready) b(not ready) d").ToArray();
        foreach (var ring in Rings(new() { Weight = _ => answers.Next(1, 4) }, snapshots))
        {
            Assert.Equal(ring.Fingerprint, HashRing.Create(ring.Members, m => m.Name, m => m.Weight).Fingerprint);
            Assert.Equal(160 * ring.Members.Sum(m => m.Weight), ring.TokenCount);
        }
    }

    [Fact]
    public void Many_changes_at_once_and_one_after_another_end_in_the_same_ring()
    {
        string Names(int from, int count) => string.Join(' ', Enumerable.Range(from, count).Select(i => $"m-{i}"));
        foreach (var next in new[] { Names(0, 500), Names(30, 200), Names(300, 200), "empty" })
        {
            Assert.Equal(Ring(new(), next).Fingerprint, Rings(new(), Names(0, 200), next)[^1].Fingerprint);
        }
    }

    [Fact]
    public void A_snapshot_without_a_join_or_leave_costs_what_it_changes_and_not_the_number_of_members()
    {
        var slices = Enumerable.Range(0, 50).Select(s =>
            Slice($"s{s}", [.. Enumerable.Range(0, 100).Select(e => Pod($"p{s:d3}-{e:d2}", $"10.{s}.0.{e}"))])).ToArray();
        var changed = slices[10] with { Endpoints = slices[10].Endpoints.SetItem(50, slices[10].Endpoints[50] with { Ready = false }) };
        var snapshots = Fold(Listed("1", slices), Modified("2", changed), Modified("3", slices[10]));
        using var source = new Subject<ServiceTopology>();
        var rings = 0;
        using var subscription = source.ToHashRing(new() { Layout = RingLayout.Native(4) }).Subscribe(_ => rings++);
        source.OnNext(snapshots[0]);
        source.OnNext(snapshots[1]);
        source.OnNext(snapshots[2]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        source.OnNext(snapshots[1]);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 0, 4_000);
        Assert.Equal(1, rings);
    }

    private static HashRing<RingMember> Ring(HashRingOptions options, string snapshot) => Rings(options, snapshot)[^1];

    private static HashRing<RingMember> Ring(HashRingOptions options, ServiceTopology snapshot) =>
        Observable.Return(snapshot).ToHashRing(options).Wait();

    private static IList<HashRing<RingMember>> Rings(HashRingOptions options, params string[] snapshots) =>
        snapshots.Select(TopologyText.Snapshot).ToObservable().ToHashRing(options).ToList().Wait();
}
