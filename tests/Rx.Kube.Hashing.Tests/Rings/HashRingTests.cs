using static Rx.Kube.Hashing.Tests.HashRings;

namespace Rx.Kube.Hashing.Tests.Rings;

public sealed class HashRingTests
{
    [Fact]
    public void The_layout_is_that_of_the_golden_file()
    {
        var ring = HashRing.Create(
            [new Node("größe-0"), new Node("beta", 2), new Node("alpha"), new Node("a-name-longer-than-thirty-two-bytes", 3)],
            node => node.Name,
            node => node.Weight,
            layout: RingLayout.Native(8));
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", "HashRing-1.txt"))
            .ToLookup(line => line.Split(' ')[0]);

        Assert.Equal(lines["fingerprint"], [$"fingerprint {ring.Fingerprint:x16}"]);
        Assert.Equal(lines["token"], ring.Tokens().Select(token => $"token {token.Token:x16} {token.Member.Name}"));
        foreach (var key in lines["key"].Select(line => line.Split(' ', 4)))
        {
            Assert.Equal(key[1], KeyHash.Of(key[3]).ToString());
            Assert.True(ring.TryGetOwner(key[3], out var owner));
            Assert.Equal(key[2], owner.Name);
        }
    }

    [Fact]
    public void A_token_owns_what_comes_after_the_one_before_it_up_to_itself()
    {
        var ring = Of(Nodes(5));
        var tokens = ring.Tokens().ToArray();
        for (var i = 0; i < tokens.Length; i++)
        {
            Assert.Equal(tokens[i].Member.Name, Owner(ring, tokens[i].Token));
            Assert.Equal(tokens[(i + 1) % tokens.Length].Member.Name, Owner(ring, tokens[i].Token + 1));
        }

        Assert.Equal(tokens[0].Member.Name, Owner(ring, 0));
        Assert.Equal(tokens[0].Member.Name, Owner(ring, ulong.MaxValue));
    }

    [Fact]
    public void Any_key_has_the_owner_that_a_search_through_all_tokens_finds()
    {
        const int seed = 1;
        var random = new Random(seed);
        foreach (var ring in new[] { Of(Nodes(1)), Of(Nodes(3)), Of(Nodes(100)), Crowded(Nodes(20)) })
        {
            var tokens = ring.Tokens().ToArray();
            for (var run = 0; run < 300; run++)
            {
                var hash = RandomHash(random);
                var expected = tokens.Cast<(ulong Token, Node Member)?>().FirstOrDefault(token => token!.Value.Token >= hash) ?? tokens[0];
                Assert.True(expected.Member.Name == Owner(ring, hash), $"seed {seed}, hash {hash}");
            }
        }
    }

    [Fact]
    public void Colliding_tokens_go_to_the_smaller_identity_and_lose_no_member()
    {
        var nodes = Nodes(20);
        var ring = Crowded(nodes);
        var collisions = ring.Tokens().GroupBy(token => token.Token).Where(same => same.Count() > 1).ToArray();

        Assert.NotEmpty(collisions);
        Assert.Equal(20 * 32, ring.Tokens().Count());
        Assert.All(collisions, same =>
            Assert.Equal(same.Select(token => token.Member.Name).Min(StringComparer.Ordinal), Owner(ring, same.Key)));
        Assert.Equal(Text(ring), Text(Crowded(nodes.Reverse())));
    }

    [Fact]
    public void Identities_that_read_alike_with_an_index_behind_them_share_no_token()
    {
        var ring = HashRing.Create(["1.2.3.4:5", "1.2.3.4:55", "1.2.3.4:555"], layout: RingLayout.Native(1000));
        Assert.Equal(3000, ring.Tokens().Select(token => token.Token).Distinct().Count());
    }

    [Fact]
    public void Every_history_ends_in_the_ring_that_a_fresh_start_builds()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var (ring, crowded, now) = (Of(), Crowded(), new Dictionary<string, Node>());
            for (var step = 0; step < 40; step++)
            {
                var node = new Node($"node-{random.Next(12)}", random.Next(1, 4), $"10.0.0.{step}");
                var joins = random.Next(5) < 3;
                ring = joins ? ring.With(node) : ring.Without(node);
                crowded = joins ? crowded.With(node) : crowded.Without(node);
                _ = joins ? now[node.Name] = node : now.Remove(node.Name) ? null : null;
                Assert.True(Text(Of(now.Values)) == Text(ring), $"seed {seed}, step {step}");
                Assert.True(Text(Crowded(now.Values)) == Text(crowded), $"seed {seed}, step {step}, crowded");
            }
        }
    }

    [Fact]
    public void The_order_in_which_members_are_given_changes_nothing()
    {
        var nodes = Nodes(50);
        var shuffled = nodes.ToArray();
        new Random(3).Shuffle(shuffled);
        Assert.Equal(Text(Of(nodes)), Text(Of(shuffled)));
    }

    [Fact]
    public void Another_weight_identity_or_number_of_tokens_changes_the_fingerprint()
    {
        ulong[] fingerprints =
        [
            Of(Nodes(5)).Fingerprint,
            Of(Nodes(4)).Fingerprint,
            Of(Nodes(5)).With(new Node("node-2", 2)).Fingerprint,
            Of(Nodes(5)).With(new Node("node-3", 2)).Fingerprint,
            HashRing.Create(Nodes(5), node => node.Name, layout: RingLayout.Native(33)).Fingerprint,
            Of(new Node("ab"), new Node("c")).Fingerprint,
            Of(new Node("a"), new Node("bc")).Fingerprint,
            Of().Fingerprint,
        ];
        Assert.Equal(fingerprints.Length, fingerprints.Distinct().Count());
    }

    [Fact]
    public void Members_of_equal_weight_have_equally_many_tokens_however_many_there_are()
    {
        for (var count = 1; count <= 400; count++)
        {
            var tokens = HashRing.Create(Nodes(count), node => node.Name, layout: RingLayout.Native(3)).Tokens();
            Assert.All(tokens.CountBy(token => token.Member), each => Assert.Equal(3, each.Value));
        }
    }

    [Fact]
    public void A_new_address_for_the_same_identity_moves_nothing()
    {
        var ring = Of(Nodes(10));
        var moved = ring.With(new Node("node-4", Address: "10.1.1.1"));
        Assert.Empty(moved.DiffFrom(ring).Moves);
        Assert.Equal(ring.Fingerprint, moved.Fingerprint);
        Assert.Equal("10.1.1.1", moved.Members.Single(node => node.Name == "node-4").Address);
    }

    [Fact]
    public void Removing_an_absent_member_returns_the_same_ring()
    {
        var ring = Of(Nodes(3));
        Assert.Same(ring, ring.Without(new Node("stranger")));
    }

    [Fact]
    public void Replicas_are_distinct_begin_with_the_owner_and_end_when_there_are_no_more()
    {
        var random = new Random(5);
        for (var count = 0; count <= 12; count++)
        {
            foreach (var ring in new[] { Of(Nodes(count)), Crowded(Nodes(count)) })
            {
                for (var asked = 0; asked <= 15; asked++)
                {
                    var (hash, replicas) = (RandomHash(random), new Node[asked]);
                    var found = ring.GetReplicas(new KeyHash(hash), replicas);
                    Assert.Equal(Math.Min(asked, count), found);
                    Assert.Equal(found, replicas.Take(found).Distinct().Count());
                    Assert.All(replicas.Skip(found), Assert.Null);
                    Assert.True(found == 0 || replicas[0].Name == Owner(ring, hash));
                }
            }
        }
    }

    [Fact]
    public void When_the_owner_leaves_the_next_replica_owns_the_key()
    {
        var (ring, random, replicas) = (Of(Nodes(8)), new Random(6), new Node[8]);
        for (var run = 0; run < 500; run++)
        {
            var (hash, rest) = (RandomHash(random), ring);
            ring.GetReplicas(new KeyHash(hash), replicas);
            foreach (var next in replicas)
            {
                Assert.Equal(next.Name, Owner(rest, hash));
                rest = rest.Without(next);
            }

            Assert.Null(Owner(rest, hash));
        }
    }

    [Fact]
    public void Shares_follow_the_weights()
    {
        var ring = HashRing.Create(
            [new Node("one"), new Node("two", 2), new Node("five", 5)],
            node => node.Name, node => node.Weight, layout: RingLayout.Native(4000));
        foreach (var node in ring.Members)
        {
            var share = ring.OwnedBy(node).Sum(owned => (double)owned.Range.Length) / Math.Pow(2, 64);
            Assert.InRange(share, node.Weight / 8.0 * 0.93, node.Weight / 8.0 * 1.07);
        }
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        var (ring, replicas) = (Of(Nodes(300)), new Node[3]);
        bool Ask() => ring.TryGetOwner("user-1", out _) && ring.GetReplicas("user-2", replicas) == 3;
        Assert.True(Ask());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Members_that_cannot_be_placed_are_refused()
    {
        Assert.Throws<ArgumentException>(() => HashRing.Create(["a", "b", "a"]));
        Assert.Throws<ArgumentException>(() => HashRing.Create(["a", ""]));
        Assert.ThrowsAny<ArgumentException>(() => HashRing.Create(["\uD834"]));
        Assert.Throws<ArgumentNullException>(() => HashRing.Create(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => RingLayout.Native(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(new Node("a", 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of().With(new Node("a", RingLimits.MaxWeight + 1)));
        Assert.Throws<ArgumentException>(() =>
            HashRing.Create([new Node("a", 1000), new Node("b", 1000)], n => n.Name, n => n.Weight, layout: RingLayout.Native(1 << 16)));
    }
}
