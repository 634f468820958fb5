using static Rx.Kube.Hashing.Tests.AlgorithmRings;

namespace Rx.Kube.Hashing.Tests.Rings;

/// <summary>The laws of every ring, whatever its algorithm.</summary>
public sealed class RingContractTests
{
    public static TheoryData<string> EveryAlgorithm => [.. AllAlgorithms];

    public static TheoryData<string> EverySetAlgorithm => [.. SetAlgorithms];

    public static TheoryData<string> EveryAlgorithmWithoutABound => [.. AllAlgorithms.Except(["BoundedPartitions"])];

    [Theory]
    [MemberData(nameof(EverySetAlgorithm))]
    public void Every_history_ends_in_the_ring_that_a_fresh_start_builds(string algorithm)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var random = new Random(seed);
            var (ring, now) = (RingOf(algorithm, []), new Dictionary<string, Node>());
            for (var step = 0; step < 40; step++)
            {
                var site = new Node(
                    $"site-{random.Next(12)}", random.Next(1, 4),
                    random.Next(4) is > 0 and var zone ? $"zone-{zone}" : null, $"10.0.0.{step}");
                if (random.Next(5) < 3)
                {
                    (ring, now[site.Name]) = (ring.With(site), site);
                }
                else
                {
                    (ring, _) = (ring.Without(site), now.Remove(site.Name));
                }

                Assert.True(Text(RingOf(algorithm, now.Values)) == Text(ring), $"seed {seed}, step {step}");
            }

            var half = ring.Members.Where((_, i) => i % 2 == 0).ToArray();
            Assert.Equal(Text(RingOf(algorithm, half)), Text(ring.Only(half.Contains)));
        }
    }

    [Theory]
    [MemberData(nameof(EveryAlgorithm))]
    public void The_order_in_which_members_are_given_changes_nothing(string algorithm)
    {
        var sites = RandomNodes(new Random(1), 30);
        var shuffled = sites.ToArray();
        new Random(2).Shuffle(shuffled);
        Assert.Equal(Text(RingOf(algorithm, sites)), Text(RingOf(algorithm, shuffled)));
    }

    [Theory]
    [MemberData(nameof(EverySetAlgorithm))]
    public void Another_weight_zone_or_member_changes_the_fingerprint(string algorithm)
    {
        var ring = RingOf(algorithm, Nodes(5, zones: 2));
        ulong[] fingerprints =
        [
            ring.Fingerprint,
            ring.With(new Node("site-2", 2, "zone-0")).Fingerprint,
            ring.With(new Node("site-3", 2, "zone-1")).Fingerprint,
            ring.With(new Node("site-2", 1, "zone-1")).Fingerprint,
            ring.With(new Node("site-5", 1, "zone-1")).Fingerprint,
            ring.Without(new Node("site-2")).Fingerprint,
            .. AllAlgorithms.Where(other => other != algorithm).Select(other => RingOf(other, Nodes(5, zones: 2)).Fingerprint),
        ];
        Assert.Equal(fingerprints.Length, fingerprints.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(EveryAlgorithm))]
    public void Another_address_moves_nothing_and_a_stranger_cannot_leave(string algorithm)
    {
        var ring = RingOf(algorithm, Nodes(5, zones: 2));
        var moved = ring.With(new Node("site-2", 1, "zone-0", "10.0.0.7"));
        Assert.Equal(ring.Fingerprint, moved.Fingerprint);
        Assert.Equal("10.0.0.7", moved.Members[2].Address);
        var owners = Enumerable.Range(0, 200).Select(i => moved.TryGetOwner($"key-{i}", out var owner) ? owner : null);
        Assert.Contains(owners, owner => owner!.Address == "10.0.0.7");
        Assert.All(Enumerable.Range(0, 200), i => Assert.Equal(Owner(ring, $"key-{i}"), Owner(moved, $"key-{i}")));
        Assert.Same(ring, ring.Without(new Node("stranger-9")));
    }

    [Theory]
    [MemberData(nameof(EveryAlgorithm))]
    public void Replicas_are_distinct_begin_with_the_owner_and_are_all_members_if_asked_for(string algorithm)
    {
        foreach (var count in new[] { 0, 1, 2, 3, 11, 150 })
        {
            ReplicaAssert.DistinctAndBeginWithTheOwner(RingOf(algorithm, Nodes(count)), seed: count, keys: 10);
            ReplicaAssert.SpreadOverZones(RingOf(algorithm, Nodes(count, zones: 3)), seed: count, keys: 5);
        }

        ReplicaAssert.DistinctAndBeginWithTheOwner(RingOf(algorithm, [new("heavy-0", 1000), new("light-1"), new("lighter-2")]), seed: 6);
        ReplicaAssert.SpreadOverZones(RingOf(algorithm, RandomNodes(new Random(2), 13)), seed: 2);
    }

    [Theory]
    [MemberData(nameof(EveryAlgorithmWithoutABound))]
    public void Zones_take_turns_in_the_order_in_which_a_key_prefers_members_whatever_their_sizes_and_the_factor(string algorithm)
    {
        var random = new Random(3);
        int[][] shapes = [[], [1], [4], [1, 1], [1, 5], [3, 3], [1, 1, 1], [2, 3, 9], [20, 1, 1], [1, 1, 1, 1, 1, 1], [7, 2, 2, 5]];
        foreach (var shape in shapes)
        {
            var sites = shape.SelectMany((size, zone) => Enumerable.Repeat($"zone-{zone}", size))
                .Select((zone, i) => new Node($"site-{i}", 1 + (i % 3), zone)).ToArray();
            var zoneOf = sites.ToDictionary(site => site.Name, site => site.Zone);
            var (ring, unzoned) = (RingOf(algorithm, sites), RingOf(algorithm, sites, zones: false));
            for (var run = 0; run < 10; run++)
            {
                var key = new KeyHash(HashRings.RandomHash(random));
                var preferred = Replicas(unzoned, key, sites.Length);
                var expected = preferred.GroupBy(name => zoneOf[name]).SelectMany(zone => zone.Select((name, nth) => (name, nth)))
                    .OrderBy(member => member.nth)
                    .ThenBy(member => Array.IndexOf(preferred, member.name)).Select(member => member.name).ToArray();
                for (var factor = 0; factor <= sites.Length + 2; factor++)
                {
                    Assert.Equal(expected.Take(factor), Replicas(ring, key, factor));
                    Assert.Equal(preferred.Take(factor), Replicas(unzoned, key, factor));
                }

                Assert.Equal(sites.Length, preferred.Distinct().Count());
                Assert.Equal(preferred.FirstOrDefault(), Owner(ring, key));
            }
        }
    }

    [Theory]
    [MemberData(nameof(EverySetAlgorithm))]
    public void A_ring_that_lost_all_its_members_owns_nothing_and_takes_them_back(string algorithm)
    {
        var sites = Nodes(7, zones: 3);
        var (full, ring) = (RingOf(algorithm, sites), RingOf(algorithm, sites));
        foreach (var site in sites)
        {
            ring = ring.Without(site);
        }

        Assert.Null(Owner(ring, "key"));
        Assert.Empty(Replicas(ring, "key", 3));
        Assert.False(ring.TryGetOwner("key", _ => true, out _));
        Assert.Same(ring, ring.Without(sites[0]));
        Assert.Equal(Text(full), Text(sites.Aggregate(ring, (now, site) => now.With(site))));
    }

    [Theory]
    [MemberData(nameof(EveryAlgorithm))]
    public void Asking_allocates_nothing(string algorithm)
    {
        foreach (var (sites, zones) in new[] { (Nodes(300, zones: 3), true), (Nodes(300), false), (RandomNodes(new Random(4), 300), true) })
        {
            var (ring, few, all) = (RingOf(algorithm, sites, zones), new Node[3], new Node[300]);
            Func<Node, bool> isUsable = site => site.Name == "site-123";
            bool Ask()
            {
                var found = ring.GetReplicas("user-2", all) == 300 && ring.TryGetOwner("user-3", isUsable, out _);
                for (var key = 0L; key < 200; key++)
                {
                    found &= ring.TryGetOwner(key, out _) && ring.GetReplicas(key, few) == 3;
                }

                return found;
            }

            // A collection may empty the pools of arrays at any time, so the minimum counts.
            Assert.True(Ask());
            Assert.Equal(0, Enumerable.Range(0, 3).Min(_ =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                Ask();
                return GC.GetAllocatedBytesForCurrentThread() - before;
            }));
        }
    }

    [Theory]
    [MemberData(nameof(EverySetAlgorithm))]
    public void Members_that_cannot_be_placed_are_refused(string algorithm)
    {
        Assert.Throws<ArgumentException>(() => RingOf(algorithm, [new Node("a"), new Node("b"), new Node("a")]));
        Assert.Throws<ArgumentException>(() => RingOf(algorithm, [new Node("")]));
        Assert.ThrowsAny<ArgumentException>(() => RingOf(algorithm, [new Node("\uD834")]));
        Assert.Throws<ArgumentNullException>(() => RingOf(algorithm, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => RingOf(algorithm, []).With(new Node("a", 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => RingOf(algorithm, [new Node("a", RingLimits.MaxWeight + 1)]));
        Assert.Throws<ArgumentNullException>(() => RingOf(algorithm, []).Only(null!));
    }
}
