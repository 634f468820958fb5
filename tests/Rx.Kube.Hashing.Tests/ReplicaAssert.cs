namespace Rx.Kube.Hashing.Tests;

/// <summary>Assertions that hold for the replicas of any ring.</summary>
internal static class ReplicaAssert
{
    /// <summary>
    /// As many distinct members as asked for, or as there are, the owner first; fewer replicas are a prefix of more; the rest of the span
    /// stays.
    /// </summary>
    public static void DistinctAndBeginWithTheOwner<TMember>(IRing<TMember> ring, int seed, int keys = 50)
        where TMember : class
    {
        var random = new Random(seed);
        for (var run = 0; run < keys; run++)
        {
            var key = new KeyHash(HashRings.RandomHash(random));
            var all = All(ring, key);
            Assert.True(all.Distinct().Count() == ring.Members.Length, $"seed {seed}: {key}: {string.Join<TMember>(", ", all)}");
            Assert.Equal(all.FirstOrDefault(), ring.TryGetOwner(key, out var owner) ? owner : null);
            for (var asked = 0; asked <= all.Length; asked++)
            {
                var replicas = new TMember[asked + 2];
                Assert.Equal(asked, ring.GetReplicas(key, replicas.AsSpan(0, asked)));
                Assert.Equal([.. all[..asked], null!, null!], replicas);
            }
        }
    }

    /// <summary>
    /// No zone has its second replica before each zone has its first, nor its third before each zone that can has its second.
    /// </summary>
    public static void SpreadOverZones<TMember>(IRing<TMember> ring, int seed, int keys = 50)
        where TMember : class
    {
        var random = new Random(seed);
        var sizes = ring.Members.CountBy(ring.Traits.ZoneOf).ToDictionary();
        for (var run = 0; run < keys; run++)
        {
            var key = new KeyHash(HashRings.RandomHash(random));
            var all = All(ring, key);
            Assert.Equal(ring.Members.Length, all.Distinct().Count());
            for (var asked = 1; asked <= all.Length; asked++)
            {
                var used = all[..asked].CountBy(ring.Traits.ZoneOf).ToDictionary();
                var most = used.Values.Max();
                Assert.True(sizes.All(zone => used.GetValueOrDefault(zone.Key) >= Math.Min(zone.Value, most - 1)),
                    $"seed {seed}: {key}, {asked} replicas");
            }
        }
    }

    // Asks for one more than there are members.
    private static TMember[] All<TMember>(IRing<TMember> ring, KeyHash key)
    {
        var replicas = new TMember[ring.Members.Length + 1];
        return replicas[..ring.GetReplicas(key, replicas)];
    }
}
