using static Rx.Kube.Hashing.Tests.AlgorithmRings;

namespace Rx.Kube.Hashing.Tests.Replication;

public sealed class RingHealthTests
{
    public static TheoryData<string> EveryAlgorithm => [.. AllAlgorithms];

    [Theory]
    [MemberData(nameof(EveryAlgorithm))]
    public void The_usable_owner_is_the_first_usable_replica_and_each_member_is_asked_once(string algorithm)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var ring = RingOf(algorithm, RandomNodes(random, 40));
            var usable = ring.Members.Where(_ => random.Next(10) == 0).Select(site => site.Name).ToHashSet();
            for (var run = 0; run < 20; run++)
            {
                var (key, asked) = (new KeyHash(HashRings.RandomHash(random)), new List<string>());
                var isFound = ring.TryGetOwner(key, Asked(asked, usable), out var owner);
                var expected = Replicas(ring, key, 40).TakeWhile(name => !usable.Contains(name)).ToList();
                Assert.Equal(usable.Count > 0, isFound);
                Assert.Equal(Replicas(ring, key, 40).ElementAtOrDefault(expected.Count), owner?.Name);
                Assert.Equal(Replicas(ring, key, 40).Take(expected.Count + 1), asked);
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryAlgorithm))]
    public void When_a_whole_zone_cannot_be_used_its_keys_go_to_other_zones_and_come_back(string algorithm)
    {
        var ring = RingOf(algorithm, Nodes(12, zones: 3));
        for (var key = 0L; key < 300; key++)
        {
            Assert.True(ring.TryGetOwner(key, site => site.Zone != "zone-1", out var owner));
            Assert.NotEqual("zone-1", owner.Zone);
            Assert.True(ring.TryGetOwner(key, _ => true, out var again));
            Assert.Equal(Owner(ring, key), again.Name);
            Assert.True(again == owner || again.Zone == "zone-1", $"key {key} left {again}, which can be used");
        }
    }

    [Fact]
    public void Without_a_usable_member_there_is_no_owner()
    {
        Assert.False(RingOf("Maglev", Nodes(9, zones: 2)).TryGetOwner("key", _ => false, out var owner));
        Assert.Null(owner);
        Assert.Throws<ArgumentNullException>(() => RingOf("Maglev", Nodes(1)).TryGetOwner("key", null!, out _));
    }

    private static Func<Node, bool> Asked(List<string> asked, HashSet<string> usable) => site =>
    {
        asked.Add(site.Name);
        return usable.Contains(site.Name);
    };
}
