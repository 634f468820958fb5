using static Rx.Kube.Hashing.Tests.HashRings;

namespace Rx.Kube.Hashing.Tests.Rings;

public sealed class AnchorTests
{
    private const int Keys = 20_000;

    [Fact]
    public void The_layout_is_that_of_the_golden_file_before_changes_and_after()
    {
        var created = Of(24, new Node("größe-0"), new Node("beta", 2), new Node("alpha"),
            new Node("a-name-longer-than-thirty-two-bytes", 3));
        foreach (var (stage, ring) in new[] { ("created", created), ("changed", ChangedAsInTheGoldenFile(created)) })
        {
            Assert.Equal(GoldenLines("Anchor-1.txt", "fingerprint", 3).Single(line => line[1] == stage)[2], $"{ring.Fingerprint:x16}");
            foreach (var key in GoldenLines("Anchor-1.txt", "key", 5).Where(line => line[1] == stage))
            {
                Assert.Equal(key[2], KeyHash.Of(key[4]).ToString());
                Assert.Equal(key[3], string.Join(",", Replicas(ring, key[4]).Select(node => node.Name)));
            }
        }
    }

    internal static Anchor<Node> ChangedAsInTheGoldenFile(Anchor<Node> ring) => ring
        .With(new Node("gamma", 2)).Without(new Node("alpha")).With(new Node("delta", 5)).With(new Node("beta", 1))
        .Without(new Node("größe-0")).With(new Node("beta", 3)).With(new Node("epsilon"));

    [Fact]
    public void The_order_in_which_members_are_given_changes_nothing()
    {
        var shuffled = Nodes(50);
        new Random(3).Shuffle(shuffled);
        Assert.Equal(Of(0, Nodes(50)).Fingerprint, Of(0, shuffled).Fingerprint);
        AssertSameOwners(Of(0, Nodes(50)), Of(0, shuffled));
    }

    [Fact]
    public void Joins_move_keys_to_the_newcomer_only_and_leaves_from_the_leaver_only_whatever_the_history()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (random, ring) = (new Random(seed), Of(64, Nodes(seed % 7)));
            for (var step = 0; step < 30; step++)
            {
                var node = new Node($"node-{random.Next(12)}", random.Next(1, 5));
                var before = ring;
                ring = random.Next(5) < 3 ? ring.With(node) : ring.Without(node);
                int Weight(Anchor<Node> of) => of.Members.Where(member => member.Name == node.Name).Sum(member => member.Weight);
                for (var key = 0L; key < 300; key++)
                {
                    var (old, now) = (OwnerOf(before, key)?.Name, OwnerOf(ring, key)?.Name);
                    Assert.True(
                        old == now
                            || (Weight(ring) > Weight(before) ? now == node.Name : Weight(ring) < Weight(before) && old == node.Name),
                        $"seed {seed}, step {step}: {old} to {now} when {node} joined or left");
                }
            }
        }
    }

    [Fact]
    public void A_member_that_joins_after_a_leave_gets_the_keys_of_the_one_that_left_last_and_no_other_key_moves()
    {
        var before = Of(0, Nodes(20)).With(new Node("heavy", 3));
        foreach (var leaver in new[] { new Node("heavy", 3), new Node("node-7") })
        {
            var after = before.Without(leaver).With(new Node("newcomer", leaver.Weight));
            for (var key = 0L; key < Keys; key++)
            {
                var (old, now) = (OwnerOf(before, key)!.Name, OwnerOf(after, key)!.Name);
                Assert.Equal(old == leaver.Name ? "newcomer" : old, now);
            }
        }
    }

    [Fact]
    public void A_member_that_comes_back_at_once_has_its_keys_again_and_the_ring_its_fingerprint()
    {
        var ring = Of(0, Nodes(20));
        var again = ring.Without(new Node("node-7")).With(new Node("node-7"));
        Assert.Equal(ring.Fingerprint, again.Fingerprint);
        AssertSameOwners(ring, again);
    }

    [Fact]
    public void Another_order_of_leaving_changes_placement_and_fingerprint()
    {
        var ring = Of(0, Nodes(20));
        var one = ring.Without(new Node("node-3")).Without(new Node("node-4")).With(new Node("late"));
        var other = ring.Without(new Node("node-4")).Without(new Node("node-3")).With(new Node("late"));
        Assert.NotEqual(one.With(new Node("last")).Fingerprint, other.With(new Node("last")).Fingerprint);
        Assert.NotEqual(one.Fingerprint, other.Fingerprint);
        Assert.Contains(Enumerable.Range(0, Keys), key => OwnerOf(one, (long)key) != OwnerOf(other, (long)key));

        // Both have the same owners now, but the next join would differ: so the fingerprints differ too.
        Assert.NotEqual(
            ring.Without(new Node("node-3")).Without(new Node("node-4")).Fingerprint,
            ring.Without(new Node("node-4")).Without(new Node("node-3")).Fingerprint);
        Assert.Equal(Of(ring.Capacity, [.. one.Members]).Fingerprint, one.Only(_ => true).Fingerprint);
        Assert.Equal(
            Of(ring.Capacity, Nodes(5)).Fingerprint,
            other.Without(new Node("late")).With(new Node("node-3")).With(new Node("node-4")).Only(Nodes(5).Contains).Fingerprint);
    }

    [Fact]
    public void Rings_of_one_fingerprint_agree_on_every_key_and_rings_that_disagree_have_others()
    {
        const int seed = 4;
        var random = new Random(seed);
        var rings = new List<Anchor<Node>> { Of(16, Nodes(4)) };
        for (var step = 0; step < 200; step++)
        {
            var from = rings[random.Next(rings.Count)];
            var node = new Node($"node-{random.Next(5)}", random.Next(1, 3));
            rings.Add(random.Next(2) == 0 ? from.With(node) : from.Without(node));
        }

        string Owners(Anchor<Node> ring) =>
            string.Join(" ", Enumerable.Range(0, 100).Select(key => string.Join(",", Replicas(ring, (long)key).Select(node => node.Name))));
        var byFingerprint = rings.GroupBy(ring => ring.Fingerprint, Owners).ToArray();
        Assert.InRange(byFingerprint.Length, 20, 199);
        Assert.All(byFingerprint, same => Assert.True(same.Distinct().Count() == 1, $"seed {seed}"));
    }

    [Fact]
    public void Equal_histories_give_equal_fingerprints_and_placement()
    {
        Anchor<Node> Play()
        {
            var (random, ring) = (new Random(9), Of(64, Nodes(9)));
            for (var step = 0; step < 60; step++)
            {
                var node = new Node($"node-{random.Next(14)}", random.Next(1, 4));
                ring = random.Next(2) == 0 ? ring.With(node) : ring.Without(node);
            }

            return ring;
        }

        Assert.Equal(Play().Fingerprint, Play().Fingerprint);
        AssertSameOwners(Play(), Play());
    }

    [Fact]
    public void Members_own_as_much_as_they_weigh()
    {
        const int keys = 1 << 18;
        var ring = Of(0, [.. Nodes(28), new Node("heavy", 4)]).Without(new Node("node-5")).Without(new Node("node-17"));
        var counts = Enumerable.Range(0, keys).CountBy(key => OwnerOf(ring, (long)key)!).ToDictionary();
        foreach (var node in ring.Members)
        {
            Assert.InRange(counts[node] * 30.0 / node.Weight / keys, 0.96, 1.04);
        }
    }

    [Fact]
    public void All_may_leave_and_join_again()
    {
        var ring = Of(4, Nodes(4));
        foreach (var node in Nodes(4))
        {
            Assert.NotNull(OwnerOf(ring, "a"));
            ring = ring.Without(node);
        }

        Assert.Null(OwnerOf(ring, "a"));
        Assert.Empty(Replicas(ring, "a"));
        foreach (var node in Nodes(4).Reverse())
        {
            ring = ring.With(node);
        }

        Assert.Equal(4, Replicas(ring, "a").Length);
        Assert.Equal(Of(4, Nodes(4)).Fingerprint, ring.Fingerprint);
        Assert.Equal("node-0", OwnerOf(Of(4).With(new Node("node-0")), "a")!.Name);
    }

    [Fact]
    public void The_capacity_is_twice_the_weights_unless_given_and_a_full_ring_says_what_to_do()
    {
        Assert.Equal([16, 16, 32, 32, 64], new[] { 0, 8, 9, 16, 17 }.Select(count => Of(0, Nodes(count)).Capacity));
        Assert.Equal(17, Of(17, Nodes(3)).Capacity);
        var full = Of(5, Nodes(4)).With(new Node("node-1", 2));
        Action[] tooMuch = [() => full.With(new Node("late")), () => full.With(new Node("node-1", 3)), () => Of(5, Nodes(6))];
        foreach (var refused in tooMuch)
        {
            Assert.Contains("capacity", Assert.Throws<ArgumentException>(refused).Message);
        }

        Assert.Equal(full.Fingerprint, full.With(new Node("node-1", 2)).Fingerprint);
        Assert.NotEqual(Of(16, Nodes(4)).Fingerprint, Of(17, Nodes(4)).Fingerprint);
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(Anchor.MaxCapacity + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(0, new Node("a", 0)));
        Assert.Throws<ArgumentException>(() => Anchor.Create(["a", "a"]));
        Assert.Throws<ArgumentNullException>(() => Anchor.Create(null!));
    }

    private static Anchor<Node> Of(int capacity, params Node[] nodes) =>
        Anchor.Create(nodes, node => node.Name, node => node.Weight, capacity: capacity);

    private static void AssertSameOwners(Anchor<Node> one, Anchor<Node> other) =>
        Assert.All(Enumerable.Range(0, 500), key => Assert.Equal(Replicas(one, (long)key), Replicas(other, (long)key)));
}
