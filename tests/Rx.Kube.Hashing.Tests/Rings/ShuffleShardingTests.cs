using static Rx.Kube.Hashing.Tests.AlgorithmRings;

namespace Rx.Kube.Hashing.Tests.Rings;

public sealed class ShuffleShardingTests
{
    public static TheoryData<string> EverySetAlgorithm => [.. SetAlgorithms];

    [Theory]
    [MemberData(nameof(EverySetAlgorithm))]
    public void A_subring_is_a_ring_of_the_members_that_rendezvous_prefers_for_the_id(string algorithm)
    {
        var sites = RandomNodes(new Random(1), 30);
        var preference = RingOf("Rendezvous", sites);
        for (var size = 1; size <= 32; size++)
        {
            var subring = RingOf(algorithm, sites).ShuffleShard("tenant-1", size);
            Assert.Equal(Replicas(preference, "tenant-1", size).Order(StringComparer.Ordinal), Names(subring));
            Assert.Equal(Text(RingOf(algorithm, subring.Members)), Text(subring));
        }
    }

    [Fact]
    public void A_HashRing_gives_a_HashRing_with_ranges_and_the_same_layout()
    {
        HashRing<string> subring = HashRing.Create(["a", "b", "c", "d"], RingLayout.Native(8)).ShuffleShard("tenant", 2);
        Assert.Equal(16, subring.TokenCount);
        Assert.Equal(2, subring.Shares().Length);
    }

    [Fact]
    public void Zones_differ_by_one_member_at_most()
    {
        var ring = RingOf("Rendezvous", Nodes(30, zones: 3));
        for (var size = 1; size <= 30; size++)
        {
            var zones = ring.ShuffleShard($"tenant-{size}", size).Members.CountBy(site => site.Zone!).Select(zone => zone.Value).ToArray();
            Assert.Equal(Math.Min(3, size), zones.Length);
            Assert.InRange(zones.Max() - zones.Min(), 0, 1);
        }
    }

    [Fact]
    public void Tenants_have_different_subrings_and_every_member_its_part_of_them()
    {
        var ring = RingOf("HashRing", Nodes(20).Select(site => site with { Weight = site.Name == "site-7" ? 2 : 1 }));
        var subrings = Enumerable.Range(0, 1000).Select(i => Names(ring.ShuffleShard($"tenant-{i}", 4))).ToArray();
        var counts = subrings.SelectMany(names => names).CountBy(name => name).ToDictionary();
        Assert.True(subrings.Select(names => string.Join(",", names)).Distinct().Count() > 800);
        Assert.All(counts, member => Assert.InRange(member.Value, member.Key == "site-7" ? 300 : 130, member.Key == "site-7" ? 450 : 270));
    }

    [Fact]
    public void A_join_or_a_leave_changes_one_member_of_a_subring_at_most_also_among_usable_members()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var sites = RandomNodes(random, random.Next(1, 20), zones: random.Next(1, 5));
            var unusable = Enumerable.Range(0, 30).Where(_ => random.Next(3) == 0).Select(i => $"site-{i}").ToHashSet();
            var (size, before) = (random.Next(1, 8), RingOf("Rendezvous", sites));
            var joins = random.Next(2) == 0;
            var changed = joins ? new Node("site-25", random.Next(1, 6), $"zone-{random.Next(5)}") : sites[random.Next(sites.Length)];
            var after = joins ? before.With(changed) : before.Without(changed);
            for (var tenant = 0L; tenant < 10; tenant++)
            {
                var (all, allNow) = (Names(before.ShuffleShard(tenant, size)), Names(after.ShuffleShard(tenant, size)));
                AssertOneSwap(all, allNow, $"seed {seed}, tenant {tenant}");
                var (some, someNow) = (Usable(before, tenant), Usable(after, tenant));
                AssertOneSwap(some, someNow, $"seed {seed}, tenant {tenant}, usable");
                Assert.True(
                    all.Contains(changed.Name) || allNow.Contains(changed.Name) || all.SequenceEqual(allNow) || joins,
                    $"seed {seed}, tenant {tenant}");
                Assert.Equal(Math.Min(size, after.Members.Count(site => !unusable.Contains(site.Name))), someNow.Length);
            }

            string[] Usable(IRing<Node> ring, KeyHash tenant) =>
                [.. Names(ring.ShuffleShard(tenant, size, site => !unusable.Contains(site.Name))).Where(name => !unusable.Contains(name))];
        }

        static void AssertOneSwap(string[] before, string[] after, string what)
        {
            Assert.True(
                after.Except(before).Count() <= 1 && before.Except(after).Count() <= 1,
                $"{what}: {string.Join(",", before)} to {string.Join(",", after)}");
        }
    }

    [Fact]
    public void Unusable_members_stay_and_as_many_others_enter()
    {
        var ring = RingOf("HashRing", Nodes(30, zones: 3));
        for (var tenant = 0L; tenant < 50; tenant++)
        {
            var whole = Names(ring.ShuffleShard(tenant, 6));
            var degraded = ring.ShuffleShard(tenant, 6, site => site.Zone != "zone-1");
            Assert.Subset(Names(degraded).ToHashSet(), whole.ToHashSet());
            Assert.Equal(6, degraded.Members.Count(site => site.Zone != "zone-1"));
        }
    }

    [Fact]
    public void A_subring_for_which_too_few_can_be_used_is_the_whole_ring()
    {
        var ring = RingOf("HashRing", Nodes(9, zones: 3));
        Assert.Equal(9, ring.ShuffleShard("tenant", 2, _ => false).Members.Length);
        Assert.Equal(9, ring.ShuffleShard("tenant", 4, site => site.Zone == "zone-1").Members.Length);
        Assert.Empty(RingOf("HashRing", []).ShuffleShard("tenant", 2).Members);
    }

    [Fact]
    public void A_subring_without_members_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RingOf("HashRing", Nodes(3)).ShuffleShard("tenant", 0));
        Assert.Throws<ArgumentNullException>(() => ((HashRing<string>)null!).ShuffleShard("tenant", 1));
    }

    private static string[] Names(IRing<Node> ring) => [.. ring.Members.Select(site => site.Name)];
}
