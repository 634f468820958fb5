using static Rx.Kube.Hashing.Tests.Sites;

namespace Rx.Kube.Hashing.Tests;

/// <summary>What every ring does, whatever its algorithm.</summary>
public sealed class RingContractTests
{
    public static TheoryData<string> EveryKind => [.. AllKinds];

    public static TheoryData<string> EverySetKind => [.. SetKinds];

    public static TheoryData<string> EveryKindWithoutABound => [.. AllKinds.Except(["BoundedPartitions"])];

    [Theory]
    [MemberData(nameof(EverySetKind))]
    public void Every_history_ends_in_the_ring_that_a_fresh_start_builds(string kind)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var random = new Random(seed);
            var (ring, now) = (Of(kind, []), new Dictionary<string, Site>());
            for (var step = 0; step < 40; step++)
            {
                var site = new Site($"site-{random.Next(12)}", random.Next(1, 4), random.Next(4) is > 0 and var zone ? $"zone-{zone}" : null, $"10.0.0.{step}");
                if (random.Next(5) < 3)
                {
                    (ring, now[site.Name]) = (ring.With(site), site);
                }
                else
                {
                    (ring, _) = (ring.Without(site), now.Remove(site.Name));
                }

                Assert.True(Text(Of(kind, now.Values)) == Text(ring), $"seed {seed}, step {step}");
            }

            var half = ring.Members.Where((_, i) => i % 2 == 0).ToArray();
            Assert.Equal(Text(Of(kind, half)), Text(ring.Only(half.Contains)));
        }
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void The_order_in_which_members_are_given_changes_nothing(string kind)
    {
        var sites = Sites.Random(new Random(1), 30);
        var shuffled = sites.ToArray();
        new Random(2).Shuffle(shuffled);
        Assert.Equal(Text(Of(kind, sites)), Text(Of(kind, shuffled)));
    }

    [Theory]
    [MemberData(nameof(EverySetKind))]
    public void One_weight_one_zone_or_one_member_is_another_fingerprint(string kind)
    {
        var ring = Of(kind, Some(5, zones: 2));
        ulong[] fingerprints =
        [
            ring.Fingerprint,
            ring.With(new Site("site-2", 2, "zone-0")).Fingerprint,
            ring.With(new Site("site-3", 2, "zone-1")).Fingerprint,
            ring.With(new Site("site-2", 1, "zone-1")).Fingerprint,
            ring.With(new Site("site-5", 1, "zone-1")).Fingerprint,
            ring.Without(new Site("site-2")).Fingerprint,
            .. AllKinds.Where(other => other != kind).Select(other => Of(other, Some(5, zones: 2)).Fingerprint),
        ];
        Assert.Equal(fingerprints.Length, fingerprints.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void Another_address_moves_nothing_and_a_stranger_cannot_leave(string kind)
    {
        var ring = Of(kind, Some(5, zones: 2));
        var moved = ring.With(new Site("site-2", 1, "zone-0", "10.0.0.7"));
        Assert.Equal(ring.Fingerprint, moved.Fingerprint);
        Assert.Equal("10.0.0.7", moved.Members[2].Address);
        var owners = Enumerable.Range(0, 200).Select(i => moved.TryGetOwner($"key-{i}", out var owner) ? owner : null);
        Assert.Contains(owners, owner => owner!.Address == "10.0.0.7");
        Assert.All(Enumerable.Range(0, 200), i => Assert.Equal(Owner(ring, $"key-{i}"), Owner(moved, $"key-{i}")));
        Assert.Same(ring, ring.Without(new Site("stranger-9")));
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void Replicas_are_distinct_begin_with_the_owner_and_are_all_members_if_asked_for(string kind)
    {
        foreach (var count in new[] { 0, 1, 2, 3, 11, 150 })
        {
            ReplicaAssert.DistinctAndBeginWithTheOwner(Of(kind, Some(count)), seed: count, keys: 10);
            ReplicaAssert.SpreadOverZones(Of(kind, Some(count, zones: 3)), seed: count, keys: 5);
        }

        ReplicaAssert.DistinctAndBeginWithTheOwner(Of(kind, [new("heavy-0", 1000), new("light-1"), new("lighter-2")]), seed: 6);
        ReplicaAssert.SpreadOverZones(Of(kind, Sites.Random(new Random(2), 13)), seed: 2);
    }

    [Theory]
    [MemberData(nameof(EveryKindWithoutABound))]
    public void Zones_take_turns_in_the_order_in_which_a_key_prefers_members_whatever_their_sizes_and_the_factor(string kind)
    {
        var random = new Random(3);
        int[][] shapes = [[], [1], [4], [1, 1], [1, 5], [3, 3], [1, 1, 1], [2, 3, 9], [20, 1, 1], [1, 1, 1, 1, 1, 1], [7, 2, 2, 5]];
        foreach (var shape in shapes)
        {
            var sites = shape.SelectMany((size, zone) => Enumerable.Repeat($"zone-{zone}", size)).Select((zone, i) => new Site($"site-{i}", 1 + (i % 3), zone)).ToArray();
            var zoneOf = sites.ToDictionary(site => site.Name, site => site.Zone);
            var (ring, unzoned) = (Of(kind, sites), Of(kind, sites, zones: false));
            for (var run = 0; run < 10; run++)
            {
                var key = new KeyHash(Rings.Hash(random));
                var preferred = Replicas(unzoned, key, sites.Length);
                var expected = preferred.GroupBy(name => zoneOf[name]).SelectMany(zone => zone.Select((name, nth) => (name, nth))).OrderBy(member => member.nth)
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
    [MemberData(nameof(EverySetKind))]
    public void A_ring_that_has_lost_all_its_members_owns_nothing_and_takes_them_back(string kind)
    {
        var sites = Some(7, zones: 3);
        var (full, ring) = (Of(kind, sites), Of(kind, sites));
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
    [MemberData(nameof(EveryKind))]
    public void Asking_allocates_nothing(string kind)
    {
        foreach (var (sites, zones) in new[] { (Some(300, zones: 3), true), (Some(300), false), (Sites.Random(new Random(4), 300), true) })
        {
            var (ring, few, all) = (Of(kind, sites, zones), new Site[3], new Site[300]);
            Func<Site, bool> isUsable = site => site.Name == "site-123";
            bool Ask()
            {
                var found = ring.GetReplicas("user-2", all) == 300 && ring.TryGetOwner("user-3", isUsable, out _);
                for (var key = 0L; key < 200; key++)
                {
                    found &= ring.TryGetOwner(key, out _) && ring.GetReplicas(key, few) == 3;
                }

                return found;
            }

            Assert.True(Ask());
            var before = GC.GetAllocatedBytesForCurrentThread();
            Ask();
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Theory]
    [MemberData(nameof(EverySetKind))]
    public void What_cannot_be_placed_is_refused(string kind)
    {
        Assert.Throws<ArgumentException>(() => Of(kind, [new Site("a"), new Site("b"), new Site("a")]));
        Assert.Throws<ArgumentException>(() => Of(kind, [new Site("")]));
        Assert.ThrowsAny<ArgumentException>(() => Of(kind, [new Site("\uD834")]));
        Assert.Throws<ArgumentNullException>(() => Of(kind, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(kind, []).With(new Site("a", 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(kind, [new Site("a", RingLimits.MaxWeight + 1)]));
        Assert.Throws<ArgumentNullException>(() => Of(kind, []).Only(null!));
    }
}
