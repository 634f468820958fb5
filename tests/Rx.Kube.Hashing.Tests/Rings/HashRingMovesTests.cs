using static Rx.Kube.Hashing.Tests.HashRings;

namespace Rx.Kube.Hashing.Tests.Rings;

/// <summary>Only the keys that must move do, and Moves lists them exactly.</summary>
public sealed class HashRingMovesTests
{
    private static readonly UInt128 Everything = (UInt128)ulong.MaxValue + 1;

    [Fact]
    public void On_a_join_keys_move_to_the_newcomer_only_and_on_a_leave_only_those_of_the_leaver_over_a_million_keys()
    {
        const int seed = 7;
        var (random, newcomer) = (new Random(seed), new Node("newcomer"));
        var before = HashRing.Create(Nodes(100), node => node.Name);
        var after = before.With(newcomer);
        var moved = 0;
        for (var key = 0; key < 1_000_000; key++)
        {
            var hash = new KeyHash(RandomHash(random));
            before.TryGetOwner(hash, out var old);
            after.TryGetOwner(hash, out var now);
            if (!ReferenceEquals(old, now))
            {
                Assert.True(ReferenceEquals(now, newcomer), $"seed {seed}: {hash} moved from {old} to {now}");
                moved++;
            }
        }

        Assert.InRange(moved, 1, 20_000);
        Assert.Equal(Text(before), Text(after.Without(newcomer)));
    }

    [Fact]
    public void Moves_of_every_rank_are_what_a_million_random_keys_do()
    {
        const int seed = 8;
        var random = new Random(seed);
        var from = Of(Nodes(40).Select(node => node with { Weight = random.Next(1, 4) }));
        var to = from.Without(new Node("node-3")).Without(new Node("node-30")).With(new Node("new-1")).With(new Node("node-7", 5));
        var moves = to.DiffFrom(from, replicationFactor: 3).Moves.ToLookup(move => move.Rank);
        var (firsts, byRank) = (new ulong[3][], new RangeMove<Node>[3][]);
        for (var rank = 0; rank < 3; rank++)
        {
            byRank[rank] = [.. moves[rank]];
            firsts[rank] = Array.ConvertAll(byRank[rank], move => move.Range.First);
        }

        var (before, after) = (new Node[3], new Node[3]);
        for (var key = 0; key < 1_000_000; key++)
        {
            var hash = new KeyHash(RandomHash(random));
            from.GetReplicas(hash, before);
            to.GetReplicas(hash, after);
            for (var rank = 0; rank < 3; rank++)
            {
                var at = Array.BinarySearch(firsts[rank], hash.Value) is var found && found >= 0 ? found : ~found - 1;
                var said = at >= 0 && byRank[rank][at].Range.Contains(hash) ? (byRank[rank][at].From!.Name, byRank[rank][at].To!.Name)
                    : default;
                var done = before[rank].Name == after[rank].Name ? default : (before[rank].Name, after[rank].Name);
                Assert.True(said == done, $"seed {seed}: {hash}, rank {rank}: {done}, but Moves says {said}");
            }
        }
    }

    [Fact]
    public void A_joins_moves_all_go_to_the_newcomer_and_are_what_it_owns_then()
    {
        foreach (var before in new[] { Of(Nodes(30)), Crowded(Nodes(5)) })
        {
            var after = before.With(new Node("late"));
            var moves = after.DiffFrom(before).Moves;
            Assert.All(moves, move => Assert.Equal("late", move.To!.Name));
            Assert.Equal(Sum(after.OwnedBy(new Node("late")).Select(owned => owned.Range)), Sum(moves.Select(move => move.Range)));
            Assert.Equal(
                moves.Select(move => (move.Range, move.From)),
                before.DiffFrom(after).Moves.Select(move => (move.Range, move.To)));
        }
    }

    [Fact]
    public void Another_weight_moves_keys_to_or_from_that_member_only()
    {
        var light = Of(Nodes(20));
        var heavy = light.With(new Node("node-7", 100));
        Assert.All(heavy.DiffFrom(light).Moves, move => Assert.Equal("node-7", move.To!.Name));
        Assert.All(light.DiffFrom(heavy).Moves, move => Assert.Equal("node-7", move.From!.Name));
    }

    [Fact]
    public void Members_own_the_whole_space_and_no_hash_twice()
    {
        foreach (var ring in new[] { Of(Nodes(1)), Of(Nodes(2)), Of(Nodes(40)), Crowded(Nodes(30)) })
        {
            var ranges = ring.Members.SelectMany(node => ring.OwnedBy(node).Select(owned => (range: owned.Range, node)))
                .OrderBy(owned => owned.range.First).ToArray();
            Assert.Equal(0UL, ranges[0].range.First);
            Assert.Equal(ulong.MaxValue, ranges[^1].range.Last);
            Assert.All(ranges.Zip(ranges.Skip(1)), pair =>
            {
                Assert.Equal(pair.First.range.Last + 1, pair.Second.range.First);
                Assert.NotEqual(pair.First.node, pair.Second.node);
            });
            Assert.All(ranges, owned =>
                Assert.Equal((owned.node.Name, owned.node.Name), (Owner(ring, owned.range.First), Owner(ring, owned.range.Last))));
        }
    }

    [Fact]
    public void A_stranger_owns_nothing() => Assert.Empty(Of(Nodes(3)).OwnedBy(new Node("stranger")));

    [Fact]
    public void Moves_are_exactly_the_hashes_whose_owner_differs()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            Node[] Some() => [.. Nodes(10).Where(_ => random.Next(3) > 0).Select(node => node with { Weight = random.Next(1, 4) })];
            var (from, to) = seed % 2 == 0 ? (Of(Some()), Of(Some())) : (Crowded(Some()), Crowded(Some()));
            var moves = to.DiffFrom(from).Moves;
            Assert.All(moves.Zip(moves.Skip(1)), pair => Assert.True(pair.First.Range.Last < pair.Second.Range.First));

            // Owners change only at tokens: each token, the hash after it, and the ends of the space cover all cases.
            var edges = from.Tokens().Concat(to.Tokens()).SelectMany(token => new[] { token.Token, token.Token + 1 })
                .Concat(new[] { 0UL, ulong.MaxValue, RandomHash(random) });
            foreach (var hash in edges)
            {
                var move = moves.Where(m => m.Range.Contains(new KeyHash(hash))).Select(m => (m.From?.Name, m.To?.Name)).SingleOrDefault();
                var (old, now) = (Owner(from, hash), Owner(to, hash));
                Assert.True(move == (old == now ? (null, null) : (old, now)), $"seed {seed}, hash {hash}: {old} to {now}, said {move}");
            }
        }
    }

    [Fact]
    public void Between_no_members_and_one_everything_moves()
    {
        var one = Of(new Node("one"));
        Assert.Equal(new RangeMove<Node>(KeyRange.All, 0, null, new Node("one")), one.DiffFrom(Of()).Moves.Single());
        Assert.Equal(
            new RangeMove<Node>(KeyRange.All, 0, new Node("one"), null),
            one.Without(new Node("one")).DiffFrom(one).Moves.Single());
        Assert.Empty(Of().DiffFrom(Of()).Moves);
        Assert.Equal(Everything, one.OwnedBy(new Node("one")).Single().Range.Length);
    }

    [Fact]
    public void A_range_ends_where_it_begins_or_later()
    {
        Assert.Equal(UInt128.One, new KeyRange(5, 5).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyRange(5, 4));
    }

    private static UInt128 Sum(IEnumerable<KeyRange> ranges) => ranges.Aggregate(UInt128.Zero, (sum, range) => sum + range.Length);
}
