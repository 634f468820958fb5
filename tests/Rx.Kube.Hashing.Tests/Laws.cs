using static Rx.Kube.Hashing.Tests.Rings;

namespace Rx.Kube.Hashing.Tests;

/// <summary>What holds for every ring.</summary>
internal static class Laws
{
    /// <summary>The lines of a golden file that begin with a word, split at spaces into so many parts at most.</summary>
    public static IEnumerable<string[]> Golden(string file, string word, int parts) =>
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", file)).Select(line => line.Split(' ', parts)).Where(line => line[0] == word);

    public static Node[] Replicas(IRing<Node> ring, KeyHash key, int count = 100)
    {
        var replicas = new Node[count];
        return replicas[..ring.GetReplicas(key, replicas)];
    }

    public static Node? OwnerOf(IRing<Node> ring, KeyHash key) => ring.TryGetOwner(key, out var owner) ? owner : null;

    /// <summary>As many distinct members as asked for or as there are, the owner first; fewer are the beginning of more; the rest of the span stays.</summary>
    public static void ReplicasAreDistinctAndBeginWithTheOwner(IRing<Node> ring, int seed, int keys = 50)
    {
        var random = new Random(seed);
        for (var run = 0; run < keys; run++)
        {
            var key = new KeyHash(Hash(random));
            var all = Replicas(ring, key, ring.Members.Length + 1);
            Assert.True(all.Distinct().Count() == ring.Members.Length, $"seed {seed}: {key}: {string.Join(", ", all.Select(node => node.Name))}");
            Assert.Equal(all.FirstOrDefault(), OwnerOf(ring, key));
            for (var asked = 0; asked <= all.Length; asked++)
            {
                var replicas = new Node[asked + 2];
                Assert.Equal(asked, ring.GetReplicas(key, replicas.AsSpan(0, asked)));
                Assert.Equal([.. all[..asked], null!, null!], replicas);
            }
        }
    }

    /// <summary>No zone has its second replica before each has its first, nor its third before each that can has its second.</summary>
    public static void ReplicasAreSpreadOverZones(IRing<Node> ring, int seed, int keys = 50)
    {
        var random = new Random(seed);
        var sizes = ring.Members.CountBy(ring.Traits.ZoneOf).ToDictionary();
        for (var run = 0; run < keys; run++)
        {
            var key = new KeyHash(Hash(random));
            var all = Replicas(ring, key, ring.Members.Length);
            Assert.Equal(ring.Members.Length, all.Distinct().Count());
            for (var asked = 1; asked <= all.Length; asked++)
            {
                var used = all[..asked].CountBy(ring.Traits.ZoneOf).ToDictionary();
                var most = used.Values.Max();
                Assert.True(sizes.All(zone => used.GetValueOrDefault(zone.Key) >= Math.Min(zone.Value, most - 1)), $"seed {seed}: {key}, {asked} replicas");
            }
        }
    }

    public static void AskingAllocatesNothing(IRing<Node> ring)
    {
        var (replicas, hash) = (new Node[3], 0UL);
        bool Ask()
        {
            var all = true;
            for (var run = 0; run < 200; run++)
            {
                hash += 0x9E3779B97F4A7C15;
                all &= ring.TryGetOwner(new KeyHash(hash), out _) && ring.GetReplicas(new KeyHash(hash), replicas) == 3;
            }

            return all;
        }

        Assert.True(Ask());
        hash = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
