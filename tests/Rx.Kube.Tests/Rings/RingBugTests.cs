using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Operators;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Rings;

/// <summary>
/// Bugs of rings in other projects that concern streams. The numbers are the ones in tests/Rx.Kube.Hashing.Tests, which has the tests for
/// single rings.
/// </summary>
/// <remarks>
/// 1: the delete of a pod removes its successor of the same name (buildbuddy 13046). 3: each poll adds members again (orleans 6089). 4: the
/// order of the input decides (dskit 438). 5: processes see different weights (grpc-go 6927). 9: a flap of readiness moves keys, and the
/// moves cause flaps (thanos-receive-controller 89). 11: two owners during a handoff (akka 30604, orleans 5112). 12: a ring of a part of
/// the members (temporal 8667, envoy 45212).
/// </remarks>
public sealed class RingBugTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 200).Select(i => $"user-{i}")];

    private readonly VirtualClock _clock = new();

    [Fact]
    public void Bug01_A_pod_that_terminates_and_its_successor_are_one_member_in_every_order_of_events()
    {
        var old = Slice("one", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2", "uid1"));
        var leaving = old with { Endpoints = old.Endpoints.SetItem(1, old.Endpoints[1] with { Ready = false, Terminating = true }) };
        var gone = old with { Endpoints = old.Endpoints.RemoveAt(1) };
        var successor = Slice("two", Pod("cache-1", "10.0.0.9", "uid2"));

        // The successor may come first, between, or, if the deletion is not seen before, last. Nothing moves in any case.
        EndpointSlice[][] orders = [[leaving, successor, gone], [successor, leaving, gone], [successor, gone], [leaving, successor]];
        foreach (var order in orders)
        {
            var version = 1;
            WatchEvent<EndpointSlice>[] events =
                [Listed("1", old), .. order.Select(slice => Modified($"{++version}", slice)), Deleted("9", Slice("one"))];
            var rings = Rings(events[..^1]);
            Assert.Equal("cache-0 cache-1", RingText.Of(Assert.Single(rings)));

            // Even the late deletion of the whole slice removes only the endpoints that are in no other slice.
            var last = Fold(events)[^1];
            Assert.Equal("uid2", Assert.Single(last.Endpoints).Uid);
            Assert.Equal("cache-1", RingText.Of(Rings(events)[^1]));
        }
    }

    [Fact]
    public void Bug03_An_equal_snapshot_and_a_new_list_of_the_same_give_no_ring()
    {
        var slice = Slice("a", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2"));
        Assert.Single(Rings(Listed("1", slice), Modified("2", slice), Bookmark("3"), Listed("4", slice), Interrupted(), Resumed(),
            Interrupted(), Listed("9", slice)));
    }

    [Fact]
    public void Bug04_A_thousand_processes_that_saw_the_same_in_different_orders_agree_on_every_owner()
    {
        const int seed = 4;
        var random = new Random(seed);
        var members = Enumerable.Range(0, 12).Select(i => Pod($"cache-{i}", $"10.0.0.{i}") with { Zone = $"{(char)('x' + (i % 3))}" })
            .ToArray();
        HashRing<RingMember> Ring(params WatchEvent<EndpointSlice>[] events) =>
            events.ToObservable().ToTopology().ToHashRing(new() { Layout = RingLayout.Native(16) }).Wait();
        var expected = Ring(Listed("1", Slice("a", members)));
        var owners = Owners(expected);
        for (var process = 0; process < 1000; process++)
        {
            // Each process finds the endpoints in other slices, in another order, some in a list and the rest in events.
            random.Shuffle(members);
            var slices = members.Chunk(random.Next(2, 8)).Select((chunk, i) => Slice($"s{i}", chunk)).ToArray();
            var listed = random.Next(slices.Length + 1);
            var version = 1;
            var ring = Ring([Listed("1", slices[..listed]), .. slices[listed..].Select(slice => Added($"{++version}", slice))]);
            Assert.True(expected.Fingerprint == ring.Fingerprint, $"seed {seed}, process {process}");
            Assert.True(owners.SequenceEqual(Owners(ring)), $"seed {seed}, process {process}");
        }
    }

    [Fact]
    public void Bug05_A_different_weight_changes_the_fingerprint()
    {
        RingView View(HashRingOptions options) => Observable.Return(TopologyText.Snapshot("a(zone x) b(zone y) c")).ToRingView(options)
            .Wait();
        ulong[] fingerprints =
        [
            View(new()).Fingerprint,
            View(new() { Weight = e => e.Member == "b" ? 2 : 1 }).Fingerprint,
            View(new() { Weight = e => e.Member == "c" ? 2 : 1 }).Fingerprint,
            View(new() { SpreadOverZones = false }).Fingerprint,
            View(new() { Layout = RingLayout.Native(100) }).Fingerprint,
        ];
        Assert.Equal(fingerprints.Length, fingerprints.Distinct().Count());
    }

    [Fact]
    public void Bug09_A_flap_of_readiness_and_a_new_address_move_nothing_and_give_no_ring() =>
        Assert.Single(Texts("a b c", "a b(not ready) c", "a b c", "a b(terminating) c", "a b(@10.0.9.9, not ready) c", "a b(@10.0.9.9) c")
            .ToHashRing().ToEnumerable());

    [Fact]
    public void Bug09_The_restart_of_a_StatefulSet_moves_nothing_while_departures_are_held_and_a_member_that_stays_away_leaves_then()
    {
        var words = new Dictionary<char, string>
        {
            ['3'] = "c-0 c-1 c-2",
            ['2'] = "c-0 c-1",
            ['n'] = "c-0 c-1 c-2(@10.0.9.9, not ready)",
            ['1'] = "c-0 c-2(@10.0.9.9)",
            ['4'] = "c-0 c-1(@10.0.9.8) c-2(@10.0.9.9)",
        };
        var restart = _clock.Cold("3 30s 2 20s n 10s 1 20s 4 10m 2", key => TopologyText.Snapshot(words[key]));
        var rings = restart.HoldDepartures(TimeSpan.FromMinutes(2), _clock).ToHashRing();

        // One ring first; and 2 minutes after the last departure, which is not a restart, the ring without c-2.
        _clock.Expect(rings.Select(RingText.Of), "^ 20m !").ToBe("3 800004ms 2", key => words[key]);
    }

    [Fact]
    public void Bug11_The_older_of_two_different_views_is_known_and_the_overlap_is_seen()
    {
        var (before, after) = (Slice("a", Pod("cache-0", "10.0.0.1")), Slice("a", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")));
        var views = Views(Listed("9", before), Modified("10", after));
        Assert.Equal(["9", "10"], views.Select(view => view.Version));
        Assert.True(views[0].IsOlderThan(views[1]));
        Assert.True(views[0].IsOlderThan("10", views[1].Fingerprint));
        Assert.False(views[1].IsOlderThan(views[0]));

        // A key that both processes take for their own moves between the two rings.
        var contested = Keys.Where(key => Owner(views[0].Ring, key) == "cache-0" && Owner(views[1].Ring, key) == "cache-1").ToList();
        var moves = views[1].Ring.DiffFrom(views[0].Ring).Moves;
        Assert.NotEmpty(contested);
        Assert.All(contested, key => Assert.Single(moves, move => move.Range.Contains(key)));
    }

    [Fact]
    public void Bug11_Views_that_place_keys_alike_are_of_one_age_and_what_cannot_be_compared_is_not_older()
    {
        var slice = Slice("a", Pod("cache-0", "10.0.0.1"));
        var (early, late) = (Views(Listed("9", slice), Modified("12", slice))[^1], Views(Listed("70", slice))[^1]);
        Assert.Equal(("9", "70"), (early.Version, late.Version));
        Assert.False(early.IsOlderThan(late));
        foreach (var version in new[] { "", "010", "1a", "-1" })
        {
            Assert.False(Views(Listed(version, slice))[^1].IsOlderThan("70", 1));
            Assert.False(early.IsOlderThan(version, 1));
        }

        Assert.Throws<ArgumentNullException>(() => early.IsOlderThan(null!));
        Assert.Throws<ArgumentNullException>(() => early.IsOlderThan(null!, 1));
        Assert.Equal($"1 members, ring {early.Fingerprint:x16}, at 9", early.ToString());
    }

    [Fact]
    public void Bug12_An_incomplete_snapshot_makes_no_ring_and_a_lost_connection_no_empty_one()
    {
        Assert.Empty(Rings(Interrupted(), Interrupted()));
        Assert.Equal(["empty"], Rings(Interrupted(), Listed("1")).Select(RingText.Of));
        Assert.Equal(
            ["a b"], Texts("syncing", "a b", "stale a b", "syncing", "syncing", "a b").ToHashRing().Select(RingText.Of).ToEnumerable());
        Assert.Equal(["a b", "a"], Texts("a b", "syncing", "a").ToHashRing().Select(RingText.Of).ToEnumerable());
    }

    [Fact]
    public void Bug12_When_a_burst_has_settled_the_ring_is_that_of_the_last_snapshot()
    {
        var words = "12345".ToDictionary(key => key, key => string.Join(' ', "abcde".Take(key - '0')));
        var rollout = _clock.Cold("1 1s 23-4-32--1-5 1s 4 50ms 3", key => TopologyText.Snapshot(words[key]));
        var rings = rollout.Settle(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), _clock).ToHashRing();
        _clock.Expect(rings.Select(RingText.Of), "^ 1m !").ToBe("100ms 1 1011ms 5 1051ms 3", key => words[key]);
    }

    [Fact]
    public void Over_a_connection_that_breaks_pods_that_restart_and_a_relist_only_a_join_gives_another_ring()
    {
        var before = Testing.Slice.Of("cache-abc", service: "cache").With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2");
        var reordered = Testing.Slice.Of("cache-abc", service: "cache", version: 31)
            .With("cache-1", "10.0.0.2").With("cache-0", "10.0.0.1");
        var server = new ScriptedWatch<EndpointSlice>(_clock, new Dictionary<char, WatchEvent<EndpointSlice>>
        {
            ['b'] = WatchEvents.Listed("17", before),
            ['u'] = before.At(18).With("cache-1", "10.0.0.2", ready: false).Modified(),
            ['r'] = before.At(19).Modified(),
            ['o'] = WatchEvents.Listed("31", reordered),
            ['i'] = reordered.At(32).With("cache-1", "10.0.9.9", uid: "another pod").Modified(),
            ['j'] = reordered.At(33).With("cache-2", "10.0.0.3").Modified(),
        })
        {
            Lists = ["(b|)", "(o|)"],
            Connections = ["1s u 1s r 1s #gone", "1s i 1s j"],
        };
        var views = server.Resume(ResumeOptions.WithoutJitter, _clock).ToTopology().ToRingView();
        var words = new Dictionary<char, string> { ['b'] = "17: cache-0 cache-1", ['j'] = "33: cache-0 cache-1 cache-2" };
        _clock.Expect(views.Select(view => $"{view.Version}: {RingText.Of(view)}"), "^ 1m !").ToBe("b 5002ms j", key => words[key]);
    }

    private static IList<HashRing<RingMember>> Rings(params WatchEvent<EndpointSlice>[] events) =>
        [.. Views(events).Select(view => view.Ring)];

    private static IList<RingView> Views(params WatchEvent<EndpointSlice>[] events) =>
        events.ToObservable().ToTopology().ToRingView().ToList().Wait();

    private static IObservable<ServiceTopology> Texts(params string[] snapshots) => snapshots.Select(TopologyText.Snapshot).ToObservable();

    private static string Owner(HashRing<RingMember> ring, string key) => ring.TryGetOwner(key, out var owner) ? owner.Name : "";

    private static string[] Owners(HashRing<RingMember> ring) => [.. Keys.Select(key => Owner(ring, key))];
}
