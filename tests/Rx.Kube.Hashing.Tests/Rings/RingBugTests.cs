using static Rx.Kube.Hashing.Tests.HashRings;
using static Rx.Kube.Hashing.Tests.ZonedRings;

namespace Rx.Kube.Hashing.Tests.Rings;

/// <summary>
/// Bugs of rings in other projects, with a test for each. The tests for streams are in <c>Rx.Kube.Tests.Rings.RingBugTests</c>.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>1</term><description>(a stream) the delete of a pod removes its successor of the same name: buildbuddy
/// 13046</description></item>
/// <item><term>2</term><description>equal tokens drop a member or throw: akka.net 8031, pekko 3279; two members have one key: ringpop-node
/// 241</description></item>
/// <item><term>3</term><description>the ring depends on its history: orleans 7193, and each poll adds again: orleans
/// 6089</description></item>
/// <item><term>4</term><description>the ring depends on the order of the input: dskit 438</description></item>
/// <item><term>5</term><description>processes see different weights, unnoticed: grpc-go 6927</description></item>
/// <item><term>6</term><description>another weight of one member moves keys between others: envoy 22558</description></item>
/// <item><term>7</term><description>members lose tokens to rounding: node-hashring 43</description></item>
/// <item><term>8</term><description>more replicas than members or zones: an endless loop or a panic: thanos 5639 and 7054, buraksezer
/// 13</description></item>
/// <item><term>9</term><description>(a stream) a flap of readiness moves keys: thanos-receive-controller 89</description></item>
/// <item><term>10</term><description>nothing is found when a zone is down, or a subring has no usable member: dskit 207, cortex
/// 6517</description></item>
/// <item><term>11</term><description>(a stream) two owners during a handoff: akka 30604, orleans 5112</description></item>
/// <item><term>12</term><description>(a stream) a ring of a part of the members: temporal 8667, envoy 45212</description></item>
/// </list>
/// </remarks>
public sealed class RingBugTests
{
    [Fact]
    public void Bug02_Equal_tokens_lose_no_member_and_names_that_read_alike_share_none()
    {
        var ring = Crowded(Nodes(20));
        Assert.Equal(20, ring.Tokens().Select(token => token.Member).Distinct().Count());
        Assert.True(ring.Tokens().Select(token => token.Token).Distinct().Count() < ring.TokenCount);
        foreach (var node in Nodes(20))
        {
            Assert.Equal(Text(ring), Text(ring.Without(node).With(node)));
        }

        var alike = HashRing.Create(["1.2.3.4:5", "1.2.3.4:55"], layout: RingLayout.Native(1000));
        Assert.Equal(2000, alike.Tokens().Select(token => token.Token).Distinct().Count());
    }

    [Fact]
    public void Bug03_Whatever_happened_before_the_ring_is_that_of_a_fresh_start_and_adding_again_changes_nothing()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var (random, ring, now) = (new Random(seed), With(true, []), new Dictionary<string, Node>());
            for (var step = 0; step < 60; step++)
            {
                var place = new Node($"m-{random.Next(8)}", random.Next(1, 4), $"z-{random.Next(3)}");
                ring = random.Next(2) == 0 ? ring.With(place) : ring.Without(place);
                _ = ring.Members.Contains(place) ? now[place.Name] = place : now.Remove(place.Name) ? null : null;
                var fresh = With(true, now.Values);
                Assert.True(fresh.Fingerprint == ring.Fingerprint, $"seed {seed}, step {step}");
                Assert.True(ring.DiffFrom(fresh, 3).Changes.IsEmpty, $"seed {seed}, step {step}");
                Assert.All(ring.Members, member =>
                    Assert.Equal((ring.Fingerprint, ring.TokenCount), (ring.With(member).Fingerprint, ring.With(member).TokenCount)));
            }
        }
    }

    [Fact]
    public void Bug04_The_order_of_the_input_does_not_change_the_ring()
    {
        var places = Enumerable.Range(0, 30).Select(i => new Node($"m-{i}", 1 + (i % 3), $"z-{i % 4}")).ToArray();
        var ring = Zoned(places);
        for (var seed = 0; seed < 10; seed++)
        {
            new Random(seed).Shuffle(places);
            Assert.True(ring.Fingerprint == Zoned(places).Fingerprint, $"seed {seed}");
            Assert.True(ring.DiffFrom(Zoned(places), 4).Changes.IsEmpty, $"seed {seed}");
        }
    }

    [Fact]
    public void Bug05_Another_weight_another_zone_or_two_exchanged_ones_change_the_fingerprint()
    {
        HashRing<Node>[] rings =
        [
            Zoned(new("a", 1, "x"), new Node("b", 2, "y")),
            Zoned(new("a", 2, "x"), new Node("b", 2, "y")),
            Zoned(new("a", 2, "x"), new Node("b", 1, "y")),
            Zoned(new("a", 1, "y"), new Node("b", 2, "y")),
            Zoned(new("a", 1, "y"), new Node("b", 2, "x")),
            Zoned(new("a", 1), new Node("b", 2)),
            Zoned(new("a", 1, "xa"), new Node("b", 2, "y")),
        ];
        Assert.Equal(rings.Length, rings.Select(ring => ring.Fingerprint).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Bug06_A_weight_that_goes_from_100_to_1_moves_nothing_between_the_others(int replicas)
    {
        var heavy = With(true, Enumerable.Range(0, 10).Select(i => new Node($"m-{i}", 100, $"z-{i % 3}")));
        var light = heavy.With(new("m-4", 1, "z-1"));
        foreach (var diff in new[] { light.DiffFrom(heavy, replicas), heavy.DiffFrom(light, replicas) })
        {
            Assert.Equal(0, diff.NeedlessFraction);
            Assert.InRange(diff.MovedFraction, 0.05, 0.2);
        }

        Assert.All(light.DiffFrom(heavy).Moves, move => Assert.Equal("m-4", move.From!.Name));
    }

    [Fact]
    public void Bug07_Equal_weights_are_equally_many_tokens_from_1_to_400_members()
    {
        for (var count = 1; count <= 400; count++)
        {
            var tokens = new int[count];
            foreach (var token in HashRing.Create(Enumerable.Range(0, count), i => $"m-{i}", _ => 2, layout: RingLayout.Native(3)).Tokens())
            {
                tokens[token.Member]++;
            }

            Assert.All(tokens, each => Assert.Equal(6, each));
        }
    }

    [Fact]
    public void Bug08_Any_number_of_replicas_in_any_zones_is_found_with_its_shortfall_and_no_member_twice()
    {
        foreach (var sizes in Shapes(zones: 4, most: 3))
        {
            var ring = With(true, sizes.SelectMany((size, zone) => Enumerable.Range(0, size)
                .Select(i => new Node($"m-{zone}-{i}", 1, $"z-{zone}"))));
            for (var replicas = 1; replicas <= 14; replicas++)
            {
                var set = new ReplicatedRing<Node>(ring, replicas).ReplicasOf("key");
                var zones = set.Members.GroupBy(place => place.Zone).Select(zone => zone.Count()).ToList();
                Assert.Equal(Math.Min(replicas, sizes.Sum()), set.Members.Distinct().Count());
                Assert.Equal(replicas - set.Members.Length, set.Shortfall);
                Assert.Equal(zones.Count, set.ZoneCount);
                Assert.Equal(zones.Count == 0 ? 0 : replicas - zones.Count, set.ZoneShortfall);

                // No zone has two replicas more than a zone that has members left.
                var left = sizes.Where((size, zone) => size > set.Members.Count(place => place.Zone == $"z-{zone}")).ToList();
                Assert.True(left.Count == 0 || zones.Count == 0
                    || sizes.Select((size, zone) => (size, has: set.Members.Count(place => place.Zone == $"z-{zone}")))
                    .Where(zone => zone.size > zone.has).Min(zone => zone.has) >= zones.Max() - 1, string.Join(',', sizes));
            }
        }
    }

    [Fact]
    public void Bug08_From_many_members_to_none_and_back()
    {
        var empty = With(true, []);
        var places = Enumerable.Range(0, 12).Select(i => new Node($"m-{i}", 1 + (i % 2), $"z-{i % 3}")).ToArray();
        var ring = places.Aggregate(empty, (ring, place) => ring.With(place));
        var gone = places.Aggregate(ring, (ring, place) => ring.Without(place));
        Assert.Equal((0, empty.Fingerprint), (gone.TokenCount, gone.Fingerprint));
        Assert.False(gone.TryGetOwner("key", out _));
        Assert.Equal(0, gone.GetReplicas("key", new Node[3]));
        var none = new ReplicatedRing<Node>(gone, 3).ReplicasOf("key");
        Assert.Equal((0, 3), (none.Members.Length, none.Shortfall));
        Assert.Equal(ring.Fingerprint, places.Reverse().Aggregate(gone, (ring, place) => ring.With(place)).Fingerprint);
    }

    [Fact]
    public void Bug10_When_a_whole_zone_is_down_the_layout_is_as_it_was_and_readers_find_the_next_replica()
    {
        var ring = With(true, Enumerable.Range(0, 9).Select(i => new Node($"m-{i}", 1, $"z-{i % 3}")));
        var replicated = new ReplicatedRing<Node>(ring, 3);
        for (var key = 0L; key < 200; key++)
        {
            var set = replicated.ReplicasOf(key);
            Assert.Equal((3, 3), (set.Members.Length, set.ZoneCount));
            Assert.True(ring.TryGetOwner(key, out var owner));
            Assert.Equal(owner, set.Members[0]);
            Assert.True(replicated.TryGetReader(key, place => place.Zone != "z-1", out var reader));
            Assert.Equal(set.Members.First(place => place.Zone != "z-1"), reader);
            Assert.False(replicated.TryGetReader(key, _ => false, out _));
        }

        // A subring without usable members still places keys.
        var down = ring.Only(place => place.Zone == "z-1");
        Assert.True(down.TryGetOwner("key", out _));
        Assert.False(new ReplicatedRing<Node>(down, 3).TryGetReader("key", place => place.Zone != "z-1", out _));
    }

    // The numbers of members of each zone.
    private static IEnumerable<int[]> Shapes(int zones, int most) =>
        zones == 0 ? [[]] : Shapes(zones - 1, most)
            .SelectMany(shape => Enumerable.Range(0, most + 1).Select(size => (int[])[.. shape, size]));
}
