using static Rx.Kube.Hashing.Tests.HashRings;
using static Rx.Kube.Hashing.Tests.ZonedRings;

namespace Rx.Kube.Hashing.Tests.Replication;

/// <summary>The replicas of a key, and what a member holds.</summary>
public sealed class ReplicasTests
{
    [Fact]
    public void The_replicas_of_any_key_are_those_that_a_search_through_all_tokens_finds()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var ring = RandomRing(random, seed % 5);
            foreach (var hash in Edges(ring).SelectMany(edge => new[] { edge, edge + 1 }).Append(RandomHash(random)))
            {
                var replicas = new Node[12];
                var count = random.Next(13);
                var found = ring.GetReplicas(new KeyHash(hash), replicas.AsSpan(0, count));
                Assert.True(
                    Replicas(ring, hash, count).SequenceEqual(replicas.Take(found).Names()),
                    $"seed {seed}, hash {hash}, {count} of {string.Join(' ', ring.Members)}");
                Assert.Equal(Math.Min(count, ring.Members.Length), found);
            }
        }
    }

    [Fact]
    public void Fewer_replicas_are_the_first_of_more_with_zones_too()
    {
        var random = new Random(3);
        var ring = RandomRing(random, 3);
        var key = new KeyHash(RandomHash(random));
        var all = new ReplicatedRing<Node>(ring, 9).ReplicasOf(key).Members.Names();
        Assert.All(Enumerable.Range(1, 9), count =>
            Assert.Equal(all.Take(count), new ReplicatedRing<Node>(ring, count).ReplicasOf(key).Members.Names()));
    }

    [Fact]
    public void The_ranges_of_a_ring_lie_side_by_side_and_everything_in_one_has_the_same_replicas()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var ring = RandomRing(new Random(seed), 3);
            var ranges = new List<KeyRange>();
            for (KeyRange? next = ring.RangeOf(default); next is { } range; next = ring.After(range))
            {
                Assert.Equal((ranges.Count == 0 ? 0 : ranges[^1].Last + 1, range), (range.First, ring.RangeOf(new KeyHash(range.Last))));
                Assert.Equal(range, ring.RangeOf(new KeyHash(range.First + ((range.Last - range.First) / 2))));
                Assert.Equal(Replicas(ring, range.First, 3), Replicas(ring, range.Last, 3));
                ranges.Add(range);
            }

            Assert.Equal(ulong.MaxValue, ranges[^1].Last);
            Assert.Equal(Ranges(ring), ranges);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(12)]
    public void Members_hold_the_whole_space_in_each_rank_and_no_hash_twice(int replicationFactor)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var ring = RandomRing(new Random(seed), seed % 4);
            var held = ring.Members.SelectMany(member => ring.OwnedBy(member, replicationFactor)
                .Select(owned => (owned.Range, owned.Rank, member.Name))).ToList();
            for (var rank = 0; rank < replicationFactor; rank++)
            {
                var ofRank = held.Where(owned => owned.Rank == rank).OrderBy(owned => owned.Range.First).ToList();
                if (rank >= ring.Members.Length)
                {
                    Assert.Empty(ofRank);
                    continue;
                }

                Assert.Equal((0UL, ulong.MaxValue), (ofRank[0].Range.First, ofRank[^1].Range.Last));
                Assert.All(ofRank.Zip(ofRank.Skip(1)), pair =>
                    Assert.Equal((pair.First.Range.Last + 1, true), (pair.Second.Range.First, pair.First.Name != pair.Second.Name)));
                Assert.All(ofRank, owned => Assert.All(
                    new[] { owned.Range.First, owned.Range.Last },
                    hash => Assert.Equal(owned.Name, Replicas(ring, hash, rank + 1)[rank])));
            }

            Assert.All(ring.Members, member => Assert.All(
                ring.OwnedBy(member, replicationFactor).Zip(ring.OwnedBy(member, replicationFactor).Skip(1)), pair =>
                    Assert.True(pair.First.Range.Last < pair.Second.Range.First)));
        }
    }

    [Fact]
    public void With_more_replicas_than_members_each_has_every_key()
    {
        var ring = new ReplicatedRing<Node>(Zoned(new("a"), new("b")), int.MaxValue);
        Assert.Equal(2, ring.ReplicasOf("key").Members.Length);
        Assert.Equal(int.MaxValue - 2, ring.ReplicasOf("key").Shortfall);
        Assert.Equal(UInt128.One << 64, ring.OwnedBy(new("a")).Aggregate(UInt128.Zero, (sum, owned) => sum + owned.Range.Length));
        Assert.Equal(1, ring.DiffFrom(null).MovedFraction);
        Assert.NotEmpty(ring.DiffFrom(null).Moves);
        Assert.Equal(2, ring.DiffFrom(null).OwnershipOf(new("a")).Gained.Select(gained => gained.RankAfter).Distinct().Count());
    }

    [Fact]
    public void Shares_add_up_to_one_and_are_the_ranges_that_members_own()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var ring = RandomRing(new Random(seed), seed % 3);
            var shares = ring.Shares();
            Assert.Equal(ring.Members, shares.Select(share => share.Member));
            Assert.Equal(1, shares.Sum(share => share.Share), 12);
            Assert.Equal(1, shares.Sum(share => share.Ideal), 12);
            Assert.All(shares, share =>
                Assert.Equal(ring.OwnedBy(share.Member).Sum(owned => (double)owned.Range.Length) / Math.Pow(2, 64), share.Share, 12));
        }

        Assert.Empty(Zoned().Shares());
        Assert.Equal(new MemberShare<Node>(new("a", 7), 1, 1), Assert.Single(Zoned(new Node("a", 7)).Shares()));
    }

    [Fact]
    public void The_reader_is_the_first_replica_that_can_be_used()
    {
        var (ring, random) = (new ReplicatedRing<Node>(RandomRing(new Random(2), 3), 3), new Random(2));
        for (var run = 0; run < 100; run++)
        {
            var (key, down) = (new KeyHash(RandomHash(random)), $"m-{random.Next(10)}");
            var expected = ring.ReplicasOf(key).Members.First(place => place.Name != down);
            Assert.True(ring.TryGetReader(key, place => place.Name != down, out var reader));
            Assert.Equal(expected, reader);
        }

        Assert.False(ring.TryGetReader("key", _ => false, out _));
        Assert.False(new ReplicatedRing<Node>(Zoned(), 3).TryGetReader("key", _ => true, out _));
        Assert.Throws<ArgumentNullException>(() => ring.TryGetReader("key", null!, out _));
    }

    [Fact]
    public void The_fingerprint_is_the_chain_that_the_page_says()
    {
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "HashRing-1.txt"))
            .Select(line => line.Split(' ')).ToLookup(words => words[0], words => words[^1]);
        Node[] plain = [new("größe-0"), new("beta", 2), new("alpha"), new("a-name-longer-than-thirty-two-bytes", 3)];
        string?[] zones = ["a", "b", "a", null];
        var zoned = plain.Zip(zones, (node, zone) => node with { Zone = zone });

        Assert.Equal(lines["replicated"], [Print(new ReplicatedRing<Node>(With(false, plain, tokens: 8), 3).Fingerprint)]);
        Assert.Equal(lines["zoned"], [Print(With(true, zoned, tokens: 8).Fingerprint)]);
        Assert.Equal(lines["zoned-replicated"], [Print(new ReplicatedRing<Node>(With(true, zoned, tokens: 8), 3).Fingerprint)]);

        static string Print(ulong fingerprint) => $"{fingerprint:x16}";
    }

    [Fact]
    public void Another_replication_factor_changes_the_fingerprint_and_is_not_compared()
    {
        var ring = Zoned(new Node("a"), new Node("b"));
        var (one, two) = (new ReplicatedRing<Node>(ring, 1), new ReplicatedRing<Node>(ring, 2));
        Assert.Equal(ring.Fingerprint, one.Fingerprint);
        Assert.NotEqual(ring.Fingerprint, two.Fingerprint);
        Assert.Throws<ArgumentException>(() => two.DiffFrom(one));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplicatedRing<Node>(ring, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.OwnedBy(new("a"), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.DiffFrom(ring, 0));
        Assert.Throws<ArgumentNullException>(() => new ReplicatedRing<Node>(null!, 1));
    }

    [Fact]
    public void The_ring_of_some_members_is_as_if_created_from_them()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (ring, random) = (RandomRing(new Random(seed), 3), new Random(seed));
            var chosen = ring.Members.Where(_ => random.Next(2) == 0).ToHashSet();
            var only = ring.Only(chosen.Contains);
            var made = With(true, ring.Members.Where(chosen.Contains));
            Assert.Equal(made.Fingerprint, only.Fingerprint);
            Assert.Empty(only.DiffFrom(made, 3).Changes);
        }
    }
}
