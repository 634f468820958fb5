using static Rx.Kube.Hashing.Tests.AlgorithmRings;

namespace Rx.Kube.Hashing.Tests.Rings;

/// <summary>Numbers and names at the limits.</summary>
public sealed class RingEdgeTests
{
    public static TheoryData<string> EverySetAlgorithm => [.. SetAlgorithms];

    [Fact]
    public void More_replicas_than_there_are_members_are_as_many_as_there_are_however_many_are_asked_for()
    {
        var ring = HashRings.Of(HashRings.Nodes(3));
        var late = ring.With(new Node("late"));
        Assert.True(ring.OwnedBy(ring.Members[1], 3).SequenceEqual(ring.OwnedBy(ring.Members[1], int.MaxValue)));
        Assert.True(late.DiffFrom(ring, 4).Moves.SequenceEqual(late.DiffFrom(ring, int.MaxValue).Moves));
        Assert.True(ring.DiffFrom(late, 4).Moves.SequenceEqual(ring.DiffFrom(late, int.MaxValue).Moves));
        Assert.True(late.DiffFrom(null, 4).Moves.SequenceEqual(new ReplicatedRing<Node>(late, int.MaxValue).DiffFrom(null).Moves));
        Assert.Equal(ring.Members.Length, new ReplicatedRing<Node>(ring, int.MaxValue).ReplicasOf("key").Members.Length);
    }

    [Fact]
    public void What_moves_is_a_share_of_the_replicas_that_there_are()
    {
        var ring = HashRings.Of(HashRings.Nodes(2));
        Assert.Equal(1, ring.DiffFrom(null, 3).MovedFraction, 12);
        Assert.Equal(0, HashRings.Of().DiffFrom(ring, 3).MovedFraction);
        var join = ring.With(new Node("late")).DiffFrom(ring, 5);
        Assert.Equal(join.IdealFraction, join.MovedFraction, 12);
    }

    [Theory]
    [MemberData(nameof(EverySetAlgorithm))]
    public void A_zone_that_is_not_well_formed_is_refused_as_it_would_have_the_fingerprint_of_another(string algorithm)
    {
        Assert.ThrowsAny<ArgumentException>(() => RingOf(algorithm, [new Node("a", Zone: "\uD800")]));
        Assert.ThrowsAny<ArgumentException>(() => RingOf(algorithm, []).With(new Node("a", Zone: "\uD801")));
    }

    [Fact]
    public void Nothing_moves_needlessly_between_zones_and_weights_that_change_whatever_the_factor()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            var zones = Enumerable.Range(0, 12).Select(_ => $"zone-{random.Next(3)}").ToArray();
            IRangedRing<Node> Any() => (IRangedRing<Node>)RingOf(
                "HashRing", Enumerable.Range(0, 12).Where(_ => random.Next(4) > 0)
                    .Select(i => new Node($"site-{i}", random.Next(1, 5), zones[i])));
            for (var run = 0; run < 6; run++)
            {
                var (before, after, factor) = (Any(), Any(), random.Next(1, 6));
                Assert.True(after.DiffFrom(before, factor).NeedlessFraction == 0, $"seed {seed}, run {run}, factor {factor}");
            }
        }
    }

    [Fact]
    public void The_largest_ring_has_the_owners_that_a_search_through_all_tokens_finds_and_one_more_member_is_refused()
    {
        const int seed = 5;
        var random = new Random(seed);
        var names = Enumerable.Range(0, RingLimits.MaxMembers).Select(i => $"{i}").ToArray();
        var ring = HashRing.Create(names, RingLayout.Native(1));
        Assert.Contains($"{RingLimits.MaxMembers + 1}", Assert.Throws<ArgumentException>(() => ring.With("more")).Message,
            StringComparison.Ordinal);

        // The last slot is taken, freed and taken again.
        var changed = ring.Without(ring.Members[^1]).With("more");
        Assert.Equal(changed.DiffFrom(HashRing.Create([.. names.Except([ring.Members[^1]]), "more"], RingLayout.Native(1))).Changes, []);
        var tokens = changed.Members.Select(name => (Token: XxHash64.Hash(System.Text.Encoding.UTF8.GetBytes(name), 1), name)).Order()
            .ToArray();
        foreach (var token in tokens.Where((_, i) => i % 500 == 0).Append(tokens.Single(token => token.name == "more")))
        {
            var place = Array.IndexOf(tokens, token);
            Assert.True(changed.TryGetOwner(new KeyHash(token.Token), out var owner) && owner == token.name, $"{token}");
            Assert.True(changed.TryGetOwner(new KeyHash(token.Token + 1), out owner)
                && owner == tokens[(place + 1) % tokens.Length].name, $"{token}");
        }

        Assert.Equal(65_535, changed.GetReplicas(new KeyHash(HashRings.RandomHash(random)), new string[70_000]));
        var (key, few) = (new KeyHash(HashRings.RandomHash(random)), new string[3]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = changed.GetReplicas(key, few);
        Assert.Equal((3, 0), (found, GC.GetAllocatedBytesForCurrentThread() - before));
    }
}
