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

    // 65,535 is the largest number of members whose slots have 16 bits.
    [Theory]
    [InlineData(65_534)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(RingLimits.MaxMembers)]
    public void A_large_ring_has_the_owners_that_a_search_through_all_tokens_finds(int members)
    {
        const int seed = 5;
        var random = new Random(seed);
        var ring = HashRing.Create(Enumerable.Range(0, members - 1).Select(i => $"{i}"), RingLayout.Native(1)).With("last");

        // The last slot is taken, freed and taken again.
        var changed = ring.Without(ring.Members[^1]).With("more");
        var fresh = HashRing.Create(changed.Members, RingLayout.Native(1));
        Assert.Equal((fresh.Fingerprint, true), (changed.Fingerprint, fresh.Tokens().SequenceEqual(changed.Tokens())));
        Assert.Empty(changed.DiffFrom(fresh).Changes);
        var tokens = changed.Members.Select(name => (Token: XxHash64.Hash(System.Text.Encoding.UTF8.GetBytes(name), 1), name)).ToArray();
        Array.Sort(tokens, (left, right) => left.Token.CompareTo(right.Token));
        for (var place = 0; place < tokens.Length; place += place == tokens.Length - 1 ? 1 : Math.Min(500, tokens.Length - 1 - place))
        {
            Assert.True(changed.TryGetOwner(new KeyHash(tokens[place].Token), out var owner) && owner == tokens[place].name, $"{place}");
            Assert.True(changed.TryGetOwner(new KeyHash(tokens[place].Token + 1), out owner)
                && owner == tokens[(place + 1) % tokens.Length].name, $"{place}");
        }

        Assert.Equal(members, changed.GetReplicas(new KeyHash(HashRings.RandomHash(random)), new string[members + 1]));
        var (key, few) = (new KeyHash(HashRings.RandomHash(random)), new string[3]);
        changed.GetReplicas(key, few);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = changed.GetReplicas(key, few);
        Assert.Equal((3, 0), (found, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    [Fact]
    public void One_member_more_than_the_most_is_refused_and_the_message_names_both_numbers()
    {
        static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}")];
        var largest = HashRing.Create(Names(RingLimits.MaxMembers), RingLayout.Native(1));
        var error = Assert.Throws<ArgumentException>(() => largest.With("more"));
        Assert.Contains(
            $"{RingLimits.MaxMembers + 1} members; the most is {RingLimits.MaxMembers}", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => HashRing.Create(Names(RingLimits.MaxMembers + 1), RingLayout.Native(1)));
        Assert.Contains($"{RingLimits.MaxTokens}", Assert.Throws<ArgumentException>(() => HashRing.Create(Names(419_431))).Message,
            StringComparison.Ordinal);

        var maglev = Maglev.Create(Names(Maglev.MaxMembers));
        Assert.Contains($"{Maglev.MaxMembers + 1} members", Assert.Throws<ArgumentException>(() => maglev.With("more")).Message,
            StringComparison.Ordinal);
    }
}
