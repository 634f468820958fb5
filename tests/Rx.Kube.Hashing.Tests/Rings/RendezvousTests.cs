using static Rx.Kube.Hashing.Tests.AlgorithmRings;

namespace Rx.Kube.Hashing.Tests.Rings;

public sealed class RendezvousTests
{
    [Fact]
    public void The_layout_is_that_of_the_golden_file()
    {
        Node[] sites = [new("größe-0"), new("beta", 2), new("alpha"), new("a-name-longer-than-thirty-two-bytes", 3), new("heavy", 1000)];
        var weighted = Rendezvous.Create(sites, site => site.Name, site => site.Weight);
        var equal = Rendezvous.Create(sites.Select(site => site.Name));
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", "Rendezvous-1.txt"))
            .ToLookup(line => line.Split(' ')[0]);

        Assert.Equal(lines["fingerprint"], [$"fingerprint {weighted.Fingerprint:x16}"]);
        Assert.Equal(lines["fingerprint-equal"], [$"fingerprint-equal {equal.Fingerprint:x16}"]);
        Assert.Equal(32, lines["key"].Count());
        foreach (var key in lines["key"].Select(line => line.Split(' ', 5)))
        {
            var (replicas, hash) = (new string[5], KeyHash.Of(key[4]));
            Assert.Equal(key[1], hash.ToString());
            Assert.Equal(key[2], string.Join(",", Replicas(weighted, hash, 5)));
            Assert.Equal(5, equal.GetReplicas(hash, replicas));
            Assert.Equal(key[3], string.Join(",", replicas));
            Assert.True(equal.TryGetOwner(hash, out var owner));
            Assert.Equal(replicas[0], owner);
        }
    }

    [Fact]
    public void The_owner_is_the_one_with_the_greatest_hash_that_another_implementation_finds()
    {
        var (ring, random) = (RingOf(Nodes(60)), new Random(1));
        var seeds = ring.Members.ToDictionary(site => site, site => SlowXxHash64.Hash([.. site.Name.Select(c => (byte)c)], 0));
        for (var run = 0; run < 50; run++)
        {
            var key = new KeyHash(HashRings.RandomHash(random));
            var expected = ring.Members.OrderByDescending(site => SlowXxHash64.Hash(BitConverter.GetBytes(key.Value), seeds[site]));
            Assert.Equal(expected.Select(site => site.Name), Replicas(ring, key, 60));
            Assert.Equal(expected.First().Name, Owner(ring, key));
        }
    }

    [Fact]
    public void The_owner_is_the_first_of_all_replicas_however_many_members_there_are()
    {
        var random = new Random(1);
        for (var members = 1; members < 40; members++)
        {
            foreach (var ring in new[] { RingOf(Nodes(members)), RingOf(Nodes(members).Append(new Node("heavy", 2))) })
            {
                for (var run = 0; run < 300; run++)
                {
                    var key = new KeyHash(HashRings.RandomHash(random));
                    Assert.Equal(Replicas(ring, key, 1)[0], Owner(ring, key));
                }
            }
        }
    }

    [Fact]
    public void Any_weight_that_all_have_is_the_same_as_none()
    {
        var (one, seven) = (RingOf(Nodes(20)), RingOf(Nodes(20).Select(site => site with { Weight = 7 })));
        var almost = seven.With(new Node("late", 6));
        for (var key = 0L; key < 300; key++)
        {
            Assert.Equal(Replicas(one, key, 20), Replicas(seven, key, 20));
            Assert.Equal(Replicas(one, key, 20), Replicas(almost, key, 21).Where(name => name != "late"));
        }
    }

    [Fact]
    public void On_a_change_of_one_member_the_others_keep_their_order_for_every_key()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var before = RingOf(RandomNodes(random, random.Next(1, 25)));
            var changed = new Node($"site-{random.Next(30)}", random.Next(1, 6));
            var after = random.Next(3) == 0 ? before.Without(changed) : before.With(changed);
            string[] Others(Rendezvous<Node> ring, KeyHash key) => [.. Replicas(ring, key, 30).Where(name => name != changed.Name)];
            for (var run = 0; run < 100; run++)
            {
                var key = new KeyHash(HashRings.RandomHash(random));
                Assert.True(Others(before, key).SequenceEqual(Others(after, key)), $"seed {seed}, key {key}, {changed}");
            }
        }
    }

    [Fact]
    public void When_the_owner_leaves_the_next_replica_owns_the_key()
    {
        var (ring, random) = (RingOf(RandomNodes(new Random(2), 8)), new Random(3));
        for (var run = 0; run < 200; run++)
        {
            var (key, rest) = (new KeyHash(HashRings.RandomHash(random)), ring);
            foreach (var next in Replicas(ring, key, 8))
            {
                Assert.Equal(next, Owner(rest, key));
                rest = rest.Without(new Node(next));
            }
        }
    }

    [Fact]
    public void More_weight_only_brings_keys_and_in_all_ranks_members_only_come_forward()
    {
        var (light, random) = (RingOf(RandomNodes(new Random(4), 20)), new Random(5));
        var heavy = light.With(light.Members[7] with { Weight = 9 });
        var name = light.Members[7].Name;
        for (var run = 0; run < 1000; run++)
        {
            var key = new KeyHash(HashRings.RandomHash(random));
            Assert.True(Array.IndexOf(Replicas(heavy, key, 20), name) <= Array.IndexOf(Replicas(light, key, 20), name));
        }
    }

    [Fact]
    public void Shares_are_as_the_weights_are()
    {
        const int seed = 6, keys = 300_000;
        var ring = RingOf(new Node("one"), new Node("two", 2), new Node("three", 3), new Node("ten", 10), new Node("another-ten", 10));
        var (random, counts) = (new Random(seed), ring.Members.ToDictionary(site => site, _ => 0));
        for (var key = 0; key < keys; key++)
        {
            ring.TryGetOwner(new KeyHash(HashRings.RandomHash(random)), out var owner);
            counts[owner!]++;
        }

        // Chance alone is 0.0009 for the largest; LogarithmTests do not depend on chance.
        Assert.All(ring.Members, site =>
            Assert.InRange(counts[site] / (double)keys, (site.Weight / 26.0) - 0.003, (site.Weight / 26.0) + 0.003));
    }

    [Fact]
    public void Two_identities_with_one_hash_lose_no_member_and_the_smaller_always_wins()
    {
        const string smaller = "ey-nuzskVxZv2kxC", greater = "gmoc0vja3ndcgcmw";
        Assert.Equal(KeyHash.Of(smaller), KeyHash.Of(greater));
        foreach (var third in new[] { new Node("third"), new Node("third", 2) })
        {
            var (ring, owned) = (RingOf(new Node(greater), third, new Node(smaller)), new List<string?>());
            for (var key = 0L; key < 200; key++)
            {
                Assert.Equal([smaller, greater], Replicas(ring, key, 3).Where(name => name != "third"));
                owned.Add(Owner(ring, key));
            }

            Assert.Equal(["ey-nuzskVxZv2kxC", "third"], owned.Distinct().Order(StringComparer.Ordinal));
        }

        // At any distance, and with any members before, between and after.
        for (var between = 0; between < 9; between++)
        {
            var others = Enumerable.Range(0, 9).SelectMany(i => new[] { $"a-{i}", $"z-{i}" }.Concat(i < between ? [$"f-{i}"] : []));
            var ring = RingOf(others.Append(smaller).Append(greater).Select(name => new Node(name)));
            var owners = Enumerable.Range(0, 500).Select(key => Owner(ring, (long)key)).ToArray();
            Assert.Contains(smaller, owners);
            Assert.DoesNotContain(greater, owners);
        }
    }

    private static Rendezvous<Node> RingOf(params IEnumerable<Node> sites) =>
        Rendezvous.Create(sites, site => site.Name, site => site.Weight);
}
